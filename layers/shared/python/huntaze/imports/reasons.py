"""Why a row, or a whole file, did not come along. Codes are kept and translated; the English words are the API's."""

from collections.abc import Mapping

# Of a row that is rejected: `column` says where.
ROW: Mapping[str, str] = {
    "no_name": "There is neither a username nor a user id.",
    "too_few_cells": "The row has fewer cells than the header.",
    "too_many_cells": "The row has more cells than the header.",
    "bad_quotes": "The quotation marks do not fit together.",
    "nul": "There is a NUL character in it.",
    "too_long": "That is longer than what we keep.",
    "bad_username": "This is no username.",
    "bad_id": "This is no user id, but a number that a spreadsheet has made of one.",
    "bad_text": "There is a control character in it.",
    "bad_email": "This is no email address.",
    "bad_amount": "This is no amount of money.",
    "ambiguous_amount": "This amount can be read in two ways. Choose the locale of the file.",
    "negative_amount": "A total cannot be negative.",
    "too_much": "This amount is larger than what we keep.",
    "fraction_of_a_cent": "This amount has more than two decimals.",
    "other_currency": "This amount is in another currency than the fan's.",
    "bad_currency": "This is no currency.",
    "bad_date": "This is no date.",
    "ambiguous_date": "This date can be read in two ways. Choose the locale of the file.",
    "no_such_time": "The clocks skipped this time, or showed it twice.",
    "in_the_future": "This date is in the future.",
    "bad_platform": "This is no platform that we know.",
    "bad_choice": "This is neither yes nor no.",
    "bad_tags": "These tags are too many or too long.",
    "several_fans": "Several fans are called so. Add their user ids.",
}
# Of a row that is skipped.
SKIPPED: Mapping[str, str] = {
    "known": "This fan is known already.",
    "same": "Nothing is different.",
    "duplicate": "The same fan stands further up in the file.",
    "deleted": "This fan was deleted. Restore them first.",
    "merged": "This fan was merged into another one.",
    "erased": "This person was erased at their request.",
    # Also of rows that change something else.
    "stays_unwanted": "This fan must not be contacted, and that stays so, whatever the file says.",
    # While committing: what has changed since the dry run.
    "since_added": "The fan was added by somebody else since the dry run.",
    "since_changed": "The fan was changed since the dry run.",
    "since_gone": "The fan was deleted, merged or erased since the dry run.",
    # While undoing.
    "since_edited": "The fan was edited, written to or paid since the import.",
}
# Of a whole file.
FILE: Mapping[str, str] = {
    "empty": "The file is empty.",
    "header_alone": "There is a header and no row below it.",
    "archive": "This is an archive or a workbook. Save the sheet as CSV first.",
    "picture": "This is a picture, not a CSV file.",
    "not_text": "This is no text.",
    "not_csv": "This is another kind of file than CSV.",
    "unknown_encoding": "This encoding is none that we know. Save the file again as UTF-8.",
    "mixed_encodings": "The file mixes two encodings. Save it again as UTF-8.",
    "bad_header": "The quotation marks of the header do not fit together.",
    "header_too_long": "This name is too long for a column.",
    "same_header_twice": "Two columns have the same name.",
    "too_many_columns": "There are more columns than any sheet of fans has.",
    "line_too_long": "This line is too long for a sheet of fans.",
    "open_quote": "A quotation mark is opened here and never closed.",
    "no_name_column": "No column holds usernames or user ids. Say which one does.",
    "unknown_column": "The mapping names a column that the file does not have.",
    "too_large": "The file is larger than what can be imported.",
    "gone": "The file is not there any more. Upload it again.",
    "replaced": "Another file took its place while it was read. If that is the right one, try again.",
    "our_fault": "Something went wrong on our side. Try again; if it fails once more, tell us.",
}


def words(code: str) -> str:
    """The API's words for any of them."""
    return ROW.get(code) or SKIPPED.get(code) or FILE[code]
