"""Every page there is. What is spelled out stands before what has gaps: the first that fits answers."""

from huntaze.web import (
    account,
    ai_page,
    audit_page,
    entrance,
    fan_form,
    fan_page,
    fan_tags,
    fans_exports,
    fans_list,
    invitations_page,
    profile_page,
    security_page,
    settings,
    team_page,
    texts_form,
    texts_list,
)

ROUTES = (
    *account.ROUTES,
    *entrance.ROUTES,
    *fans_list.ROUTES,
    *fans_exports.ROUTES,
    *fan_tags.ROUTES,
    *fan_form.ROUTES,
    *fan_page.ROUTES,
    *settings.ROUTES,
    *security_page.ROUTES,
    *team_page.ROUTES,
    *invitations_page.ROUTES,
    *profile_page.ROUTES,
    *texts_list.ROUTES,
    *texts_form.ROUTES,
    *ai_page.ROUTES,
    *audit_page.ROUTES,
)
