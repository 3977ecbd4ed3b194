"""Who pays most, and which campaigns earned what, as statements: of all fans, and of those of a tag."""

# What merged fans paid is paid by who is shown for them; who is shown by nobody is nobody's best fan. Both are few, and
# an index has them.
_PAID = """
WITH merged AS (
    SELECT id, merged_into FROM fans WHERE workspace_id = %(workspace_id)s AND merged_into IS NOT NULL
), paid AS (
    SELECT coalesce(merged.merged_into, t.fan_id) AS fan_id, t.currency, sum(t.amount_cents) AS cents,
        count(*) AS payments
    FROM transactions AS t LEFT JOIN merged ON merged.id = t.fan_id
    WHERE t.workspace_id = %(workspace_id)s
        AND t.occurred_at >= local_midnight(%(first)s, %(zone)s)
        AND t.occurred_at < local_midnight(%(last)s + 1, %(zone)s)
        AND (%(platform)s::text IS NULL OR t.platform = %(platform)s)
    GROUP BY 1, 2
), ranked AS (
    SELECT paid.*, row_number() OVER (PARTITION BY currency ORDER BY cents DESC, fan_id) AS place
    FROM paid WHERE fan_id NOT IN (
        SELECT gone.id FROM fans AS gone WHERE gone.workspace_id = %(workspace_id)s AND gone.deleted_at IS NOT NULL
    ){among}
)
SELECT fans.id AS fan_id, name, handle, fans.platform, cents AS paid_cents, ranked.currency AS paid_currency, payments,
    value_cents, fans.currency AS value_currency
FROM ranked JOIN fans ON fans.workspace_id = %(workspace_id)s AND fans.id = ranked.fan_id
WHERE place <= %(limit)s ORDER BY ranked.currency, place
"""
_TAGGED = " AND fan_id IN (SELECT chosen.fan_id FROM fans_selected(NULL, NULL, %(tag)s, NULL, NULL) AS chosen)"
PAID, TAGGED_PAID = _PAID.format(among=""), _PAID.format(among=_TAGGED)

# From the index of values, currency by currency; which currencies there are is rolled up.
_WORTH = """
SELECT best.id AS fan_id, best.name, best.handle, best.platform, 0 AS paid_cents, best.currency AS paid_currency,
    0 AS payments, best.value_cents, best.currency AS value_currency
FROM analytics_values AS v CROSS JOIN LATERAL (
    SELECT fans.id, name, handle, platform, value_cents, fans.currency FROM fans{among}
    WHERE fans.workspace_id = v.workspace_id AND deleted_at IS NULL AND fans.currency = v.currency AND value_cents > 0
        AND (%(platform)s::text IS NULL OR platform = %(platform)s)
    ORDER BY value_cents DESC, fans.id DESC LIMIT %(limit)s
) AS best
WHERE v.workspace_id = %(workspace_id)s AND v.scope = 'all'
ORDER BY best.currency, best.value_cents DESC, best.id DESC
"""
_JOIN_TAGGED = " JOIN fans_selected(NULL, NULL, %(tag)s, NULL, NULL) AS chosen ON chosen.fan_id = fans.id"
WORTH, TAGGED_WORTH = _WORTH.format(among=""), _WORTH.format(among=_JOIN_TAGGED)

# From the campaigns' own tallies; of a tag from the recipients who have it.
_CAMPAIGNS = """
SELECT c.id, c.name, c.status, c.launched_at, w.currency AS own_currency,
    coalesce(sum(r.recipients) FILTER (WHERE r.status <> 'skipped'), 0)::bigint AS recipients,
    coalesce(sum(r.recipients) FILTER (WHERE r.status = 'sent'), 0)::bigint AS sent,
    coalesce(sum(r.replies), 0)::bigint AS replies, coalesce(sum(r.buyers), 0)::bigint AS buyers,
    coalesce(sum(r.revenue_cents), 0)::bigint AS revenue_cents, max(r.currency) AS currency
FROM (
    SELECT id, name, status, launched_at FROM campaigns
    WHERE workspace_id = %(workspace_id)s AND launched_at >= local_midnight(%(first)s, %(zone)s)
        AND launched_at < local_midnight(%(last)s + 1, %(zone)s)
    ORDER BY launched_at DESC, id DESC LIMIT %(limit)s
) AS c CROSS JOIN (SELECT currency FROM workspaces WHERE workspaces.id = %(workspace_id)s) AS w
LEFT JOIN ({rows}) AS r ON r.campaign_id = c.id AND (%(platform)s::text IS NULL OR r.platform = %(platform)s)
GROUP BY c.id, c.name, c.status, c.launched_at, w.currency ORDER BY c.launched_at DESC, c.id DESC
"""
_ACCOUNT = """ LEFT JOIN platform_connections AS a ON a.workspace_id = t.workspace_id AND a.id = t.account_id
    WHERE t.workspace_id = %(workspace_id)s"""
_TALLIES = " SELECT t.*, a.platform FROM campaign_tallies AS t"
_RECIPIENTS = """
    SELECT t.campaign_id, t.status, t.currency, a.platform, 1 AS recipients,
        (t.replied_at IS NOT NULL)::integer AS replies, (t.revenue_cents > 0)::integer AS buyers, t.revenue_cents
    FROM fans_selected(NULL, NULL, %(tag)s, NULL, NULL) AS chosen
    CROSS JOIN LATERAL same_person(chosen.fan_id) AS person
    JOIN campaign_recipients AS t ON t.fan_id = person.fan_id"""
CAMPAIGNS = _CAMPAIGNS.format(rows=_TALLIES + _ACCOUNT)
TAGGED_CAMPAIGNS = _CAMPAIGNS.format(rows=_RECIPIENTS + _ACCOUNT)
