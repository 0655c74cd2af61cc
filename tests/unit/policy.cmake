# The policy pack, its evaluation and its traces. Cases and bad packs are data, in tests/policy.
jineng_unit_test(policy SOURCES policy.c LINKS jn_policy)
