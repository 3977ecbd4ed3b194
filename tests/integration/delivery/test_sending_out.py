"""The whole way of a message, from a person's approval to the platform's own log."""

from tests.support.judge import most_in_any_window, windows_over
from tests.support.post_office import PostOffice


def test_what_is_let_out_arrives_once(office: PostOffice) -> None:
    creator = office.creator()
    sent = office.send(creator, "Hello")
    assert sent.estimated_send_time is not None
    office.work(done=lambda: office.statuses(creator) == {"sent": 1})
    [arrived] = office.platform.log(office.account_of(creator))
    assert (arrived["clientReference"], arrived["text"]) == (str(sent.message.id), "Hello")
    [(platform_message_id, status, last_error)] = office.run(
        "SELECT platform_message_id, status, last_error FROM messages WHERE id = %(id)s", id=sent.message.id
    )
    assert (bool(platform_message_id), status, last_error) == (True, "sent", None)


def test_forty_to_one_account_keep_its_pace_and_their_order(office: PostOffice) -> None:
    creator = office.creator(messages=10, seconds=2, fans=4)
    ids = [str(office.send(creator, f"Line {number}", fan=number % 4).message.id) for number in range(40)]
    office.work(seconds=60, done=lambda: office.statuses(creator) == {"sent": 40})
    account = office.account_of(creator)
    arrived = office.platform.log(account)
    assert sorted(line["clientReference"] for line in arrived) == sorted(ids)
    assert windows_over(office.platform.attempts(account), 10, 2) == [], most_in_any_window(
        office.platform.attempts(account), 2
    )
    for fan in range(4):
        texts = [line["text"] for line in arrived if int(line["text"].split()[1]) % 4 == fan]
        assert texts == [f"Line {number}" for number in range(fan, 40, 4)]
