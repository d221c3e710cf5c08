"""Which configurations can be deployed together: one provider, and no name twice in the account."""

from __future__ import annotations

import re

from judges import existing
from judges.tf_root import Config

RESOURCE = re.compile(r'^resource "(\w+)" "\w+" \{\n(.*?)^\}', re.M | re.S)
NAME = re.compile(r'^  (?:name|bucket|identifier|cluster_identifier|replication_group_id|domain|function_name|alarm_name|email_identity) *= "([^"$]+)"', re.M)
WITHIN = {"aws_iam_role_policy", "aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action", "aws_eip"}  # named within something


def names(config: Config) -> set[str]:
    """Names that an account holds once. One too many costs a batch and nothing else."""
    made = {name for kind, body in RESOURCE.findall(config.text) if kind not in WITHIN for name in NAME.findall(body)}
    return made | existing.names(config.folder.parent)


def batches(configs: list[Config], most: int) -> list[list[Config]]:
    """Batches of like size: the large ones first, each into the smallest batch that has none of its names."""
    made: list[tuple[list[Config], set[str]]] = []
    for config in sorted(configs, key=lambda c: (-weight(c), c.name)):
        own = names(config)
        fits = [it for it in made if it[0][0].provider == config.provider and not it[1] & own]
        smallest = min(fits, key=lambda it: sum(map(weight, it[0])), default=None)
        if smallest is None or sum(map(weight, smallest[0])) + weight(config) > most:
            made.append(([config], own))
        else:
            smallest[0].append(config)
            smallest[1].update(own)
    return [batch for batch, _ in made]


def weight(config: Config) -> int:
    return len(RESOURCE.findall(config.text))
