"""The parts around numbers."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.wiring.machinery import Machinery

if TYPE_CHECKING:
    from huntaze.analytics.counting import Counting, CountReminding
    from huntaze.analytics.queue import SqsCounts
    from huntaze.analytics.service import Analytics


class AnalyticsParts(Machinery):
    """Looking at numbers, and what keeps them true."""

    @cached_property
    def analytics(self) -> "Analytics":
        """The use cases of those who look at numbers."""
        from huntaze.analytics.service import Analytics

        return Analytics(self.in_workspace, self.clock)

    @cached_property
    def counting(self) -> "Counting":
        """Who makes them true again."""
        from huntaze.analytics.counting import Counting

        return Counting(transactions=self.in_workspace_as_machine, clock=self.clock)

    @cached_property
    def count_reminding(self) -> "CountReminding":
        """Who tells where something is to be counted."""
        from huntaze.analytics.counting import CountReminding
        from huntaze.analytics.recounts import StaleWorkspaces

        return CountReminding(StaleWorkspaces(self.postgres.look_up), self.count_queue)

    @cached_property
    def count_queue(self) -> "SqsCounts":
        """Where workspaces wait for a worker."""
        from huntaze.analytics.queue import SqsCounts

        return SqsCounts(self.queues, lambda: self.settings.analytics_queue_url)
