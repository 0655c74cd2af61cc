jineng_unit_test(campaign SOURCES campaign.c LINKS jn_campaign)
