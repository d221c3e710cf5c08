from lib.pictures import resize


def handler(event, context):
    return [resize(record["body"]) for record in event["Records"]]
