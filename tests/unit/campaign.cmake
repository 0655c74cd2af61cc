jineng_unit_test(campaign SOURCES campaign.c LINKS jn_campaign)
jineng_unit_test(campaign-policy SOURCES campaign_policy.c LINKS jn_campaign)
