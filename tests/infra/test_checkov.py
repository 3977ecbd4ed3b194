"""What checkov knows to be wrong with the templates for AWS. What it finds and we mean stands here with its reason."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from tests.infra.checkov_runs import Finding

# (rule, logical ids) → why it is meant.
MEANT = {
    ("CKV_AWS_18", "ExportFilesBucket*"): "Our own log names who asked for each file and each link.",
    ("CKV_AWS_21", "ExportFilesBucket*"): "An old version would outlive its file, and with it whom we have to forget.",
    (
        "CKV_AWS_27",
        "*DeadLetters*",
    ): "Encrypted with SQS's own key, which this rule does not know; test_queues does.",
    ("CKV_AWS_27", "*Queue*"): "The same. A message holds ids alone: a key of our own would cost and hide nothing.",
    (
        "CKV_AWS_88",
        "NetworkVpcwayout*",
    ): "It is the way out, which takes an address; nothing is let in.",
    ("CKV_AWS_111", "*RoleDefaultPolicy*"): "Network interfaces and traces, whose actions name no resource; they are"
    " listed in test_permissions, which refuses every other action on everything.",
    ("CKV_AWS_115", "AnalyticsFunction*"): "Held by its event source: a reservation would throttle and lose receives.",
    ("CKV_AWS_115", "ExportsFunction*"): "The same.",
    ("CKV_AWS_115", "ImportsFunction*"): "The same.",
    ("CKV_AWS_115", "RateLimiterFunction*"): "The same.",
    ("CKV_AWS_115", "WebhooksFunction*"): "The same.",
    (
        "CKV_AWS_116",
        "*Function*",
    ): "Somebody waits for the answer, or the queue has dead letters of its own, or the"
    " next round does the same work: no function is started and forgotten.",
    ("CKV_AWS_117", "PublicFunction*"): "It reads a file of its own and talks to nothing: in the network it would only"
    " start more slowly.",
    (
        "CKV_AWS_118",
        "DatabaseClusterWriter*",
    ): "Aurora tells its load and its queries without an agent; what the machine beneath does is AWS's to mend.",
    ("CKV_AWS_158", "*Log*"): "CloudWatch encrypts by itself, and a line holds ids alone (tests of redaction): a key of"
    " our own would be a right more for every function.",
    ("CKV_AWS_158", "NetworkRejectedTraffic*"): "The same: addresses of strangers who were refused.",
    ("CKV_AWS_173", "*Function*"): "Variables name resources and hold no secret (test_functions); Lambda encrypts them"
    " by itself.",
}


def test_checkov_finds_nothing_that_is_not_meant(checkov: Mapping[str, set[Finding]]) -> None:
    found = checkov["prod"] | checkov["staging"]

    assert {each for each in found if not any(covers(meant, each) for meant in MEANT)} == set()


def test_everything_that_is_meant_has_a_reason_and_is_found(checkov: Mapping[str, set[Finding]]) -> None:
    found = checkov["prod"] | checkov["staging"]

    assert [meant for meant in MEANT if not any(covers(meant, each) for each in found)] == []
    assert all(reason.endswith(".") for reason in MEANT.values())


def covers(meant: Finding, found: Finding) -> bool:
    return meant[0] == found[0] and fnmatchcase(found[1], meant[1])
