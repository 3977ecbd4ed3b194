"""Who gets the campaign, and when."""

from local.demo.creator import Campaign, Creator
from local.demo.dice import Dice
from local.demo.lives import Life
from local.demo.rows import CampaignRecipientRow
from local.demo.season import DAY, Season, moment
from local.demo.threads import Said
from local.demo.words import Line

MOST_RECIPIENTS = 100  # of one bulk message
_SPACING = 6_700  # milliseconds: ten a minute, and the time that answers take
_CHOSEN = 0.5
_SELLS_FOR = 5 * DAY


class Mailing:
    """Goes through the fans and picks recipients until there are enough."""

    def __init__(self, creator: Creator, campaign: Campaign, season: Season, dice: Dice) -> None:
        self._workspace_id = creator.workspace_id
        self._accounts = creator.accounts
        self._campaign = campaign
        self._dice = dice
        self._launched = season.now - int(campaign.launched.total_seconds()) * 1000
        self._recipients = 0
        self._sent = 0

    def wants(self, life: Life, messages: int) -> bool:
        """Whether this fan is a recipient: one of those who subscribe and talk."""
        suitable = life.platform == "onlyfans" and life.status == "active" and messages > 1
        if not suitable or life.joined > self._launched or self._recipients == MOST_RECIPIENTS:
            return False
        chosen = self._dice.chance(_CHOSEN)
        self._recipients += chosen
        return chosen

    def message(self, life: Life) -> Said:
        """The campaign's message to the next recipient, bought by whoever bought something in the days after."""
        at = self._launched + _SPACING * self._sent
        self._sent += 1
        said = Said(at, Line(out=True, text=self._campaign.text), self._campaign.price_cents, campaign=self._campaign)
        for purchase in life.purchases:
            if purchase.kind == "ppv" and at < purchase.at < at + _SELLS_FOR:
                purchase.cents, purchase.offered, said.purchase = self._campaign.price_cents, True, purchase
                break
        return said

    def row(self, fan_id: str, message_id: str | None) -> CampaignRecipientRow:
        """A recipient as the launch leaves them; without a message it is one who must not be contacted."""
        at = moment(self._launched + _SPACING * self._sent)
        ids = (self._workspace_id, self._campaign.id, fan_id)
        if message_id:
            return CampaignRecipientRow(*ids, "pending", None, self._accounts["onlyfans"], at, at)
        return CampaignRecipientRow(*ids, "skipped", "do_not_contact", None, at, at)
