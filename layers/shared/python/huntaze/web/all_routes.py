"""Every page there is. What is spelled out stands before what has gaps: the first that fits answers."""

from huntaze.web import account, audit_page, entrance, fan_form, fan_page, fans_exports, fans_list, settings

ROUTES = (
    *account.ROUTES,
    *entrance.ROUTES,
    *fans_list.ROUTES,
    *fans_exports.ROUTES,
    *fan_form.ROUTES,
    *fan_page.ROUTES,
    *settings.ROUTES,
    *audit_page.ROUTES,
)
