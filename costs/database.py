"""What the database costs: Aurora Serverless, which grows with its load and may pause without one."""

from collections.abc import Iterator

from costs.lines import GB, Line, Unpriced
from costs.load import HOURS, MINUTES, Month
from costs.template import Properties

SMALLEST_ACU = 0.5  # of a database that is awake
CHANGES = 3  # of a row after it was written; backups hold each


def capacity(month: Month) -> Iterator[Line]:
    """By the hour: what is asked of it, and at least its minimum; paused it costs nothing."""
    instances = month.template.all_of("AWS::RDS::DBInstance")
    if any(each["DBInstanceClass"] != "db.serverless" for each in instances):
        raise Unpriced("A database of a fixed size")
    minimum = _scaling(month)["MinCapacity"]
    quiet = HOURS - month.busy_hours
    acu_hours = quiet * (minimum or resting_acu(month)) + month.busy_hours * busy_acu(month)
    yield Line("Database", "capacity", len(instances) * acu_hours, "aurora.capacity")


def busy_acu(month: Month) -> float:
    """What it needs while messages leave and people work."""
    figures = month.figures
    if not month.busy_hours:
        return 0
    wanted = month.messages * figures.acu_seconds / (month.busy_hours * 3600) / figures.acu_use
    minimum: float = _scaling(month)["MinCapacity"]
    return max(minimum, figures.busy_acu, wanted)


def resting_acu(month: Month) -> float:
    """What a database that may pause has on average while nobody works, because schedules ask it."""
    awake = awake_share(month)
    return SMALLEST_ACU if awake == 1 else awake * month.figures.waking_acu


def awake_share(month: Month) -> float:
    """In which part of the time it is awake while nobody works: schedules start together and wake it."""
    scaling = _scaling(month)
    if scaling["MinCapacity"]:
        return 1
    pauses = [minutes for _, minutes in month.template.schedules()]
    until_paused = month.figures.keepalive_minutes + scaling["SecondsUntilAutoPause"] / 60
    return min(1, (month.figures.waking_minutes + until_paused) / min(pauses)) if pauses else 0


def storage(month: Month) -> Iterator[Line]:
    """What it holds after a year, what it reads and writes, and the backups that are larger than itself."""
    figures = month.figures
    [cluster] = month.template.all_of("AWS::RDS::DBCluster")
    grown = month.messages * figures.row_kb / GB
    held = figures.empty_gb + grown * figures.months
    changed = grown / figures.days * CHANGES * cluster["BackupRetentionPeriod"]
    ios = figures.idle_ios * MINUTES * awake_share(month) + figures.ios * month.messages
    yield Line("Database", "storage", held, "aurora.storage")
    yield Line("Database", "reads and writes of it", ios, "aurora.io")
    yield Line("Database", "backups beyond its own size", max(0, changed - held), "aurora.backup")


def most_acu(month: Month) -> float:
    """How far the template lets it grow."""
    most: float = _scaling(month)["MaxCapacity"]
    return most


def _scaling(month: Month) -> Properties:
    [cluster] = month.template.all_of("AWS::RDS::DBCluster")
    scaling: Properties = cluster["ServerlessV2ScalingConfiguration"]
    return scaling
