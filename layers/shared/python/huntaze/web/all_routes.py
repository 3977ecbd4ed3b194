"""Every page there is. What is spelled out stands before what has gaps: the first that fits answers."""

from huntaze.web import (
    account,
    entrance,
    fan_form,
    fan_merge,
    fan_page,
    fan_person,
    fan_tags,
    fans_deleted,
    fans_exports,
    fans_list,
    privacy,
    settings,
)

ROUTES = (
    *account.ROUTES,
    *entrance.ROUTES,
    *fans_list.ROUTES,
    *fans_exports.ROUTES,
    *fans_deleted.ROUTES,
    *fan_merge.ROUTES,
    *fan_person.ROUTES,
    *fan_tags.ROUTES,
    *fan_form.ROUTES,
    *fan_page.ROUTES,
    *privacy.ROUTES,
    *settings.ROUTES,
)
