jineng_unit_test(domain SOURCES domain.c LINKS jn_domain)
