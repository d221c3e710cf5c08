def resize(name):
    return f"small-{name}"


def handler(event, context):
    return resize(event["name"])
