/* Who takes part, by the annex of the city's plan (A-hr to A-fin). What others are given (A-oth) is added to
 * jineng.yaml by hand. */
#include "cli/agencies.h"

#include "jineng/v1/common.pb-c.h"
#include "runtime/access.h"

#define GROUP(name)      (UINT32_C(1) << COMMON__GROUP__##name)
#define DEPARTMENT(name) COMMON__DEPARTMENT__##name

const struct fresh_agency fresh_services[] = {
    {"enrollment", ROLE_SERVICE, 0, 0, "报名登记"},
    {"certification", ROLE_SERVICE | ROLE_CERTIFIER, 0, 0, "鉴定发证: reads what it must print"},
    {"subsidy", ROLE_SERVICE, 0, 0, "补贴核算"},
    {"ledger", ROLE_SERVICE | ROLE_PAYER, 0, 0, "资金账: reads payees"},
    {"notification", ROLE_SERVICE, 0, 0, "部门通知"},
};
const size_t fresh_services_count = sizeof(fresh_services) / sizeof(fresh_services[0]);

const struct fresh_agency fresh_agencies[] = {
    {"human_resources.administration", ROLE_ADMINISTRATION | ROLE_ATTESTOR | ROLE_INBOX, DEPARTMENT(HUMAN_RESOURCES), 0,
     "人力资源和社会保障局: designation, projects, targets, packs; attests the groups that it keeps"},
    {"human_resources.employment_service", ROLE_EMPLOYMENT_SERVICE | ROLE_INBOX, 0, 0,
     "就业服务机构: classes, rosters, attendance, history"},
    {"human_resources.appraisal", ROLE_APPRAISAL | ROLE_INBOX, 0, 0, "技能鉴定机构: results, certificates, revocation"},
    {"education", ROLE_ATTESTOR | ROLE_INBOX, DEPARTMENT(EDUCATION), GROUP(SCHOOL_LEAVER) | GROUP(COLLEGE_GRADUATE),
     "教育局"},
    {"veterans", ROLE_ATTESTOR | ROLE_REVIEWER | ROLE_INBOX, DEPARTMENT(VETERANS), GROUP(VETERAN), "退役军人事务局"},
    {"womens_federation", ROLE_REVIEWER | ROLE_INBOX, DEPARTMENT(WOMENS_FEDERATION), 0,
     "妇联: what concerns women, whatever their group"},
    {"disabled_federation", ROLE_ATTESTOR | ROLE_REVIEWER | ROLE_INBOX, DEPARTMENT(DISABLED_FEDERATION),
     GROUP(DISABLED), "残联"},
    {"emergency_management", ROLE_REVIEWER | ROLE_INBOX, DEPARTMENT(EMERGENCY_MANAGEMENT), 0, "应急管理局"},
    {"agriculture", ROLE_ATTESTOR | ROLE_INBOX, DEPARTMENT(AGRICULTURE), GROUP(REGISTERED_POOR) | GROUP(FARMER),
     "农业农村局"},
    {"civil_affairs", ROLE_ATTESTOR | ROLE_INBOX, DEPARTMENT(CIVIL_AFFAIRS), GROUP(POOR_FAMILY), "民政局"},
    {"finance", ROLE_FINANCE | ROLE_INBOX, DEPARTMENT(FINANCE), 0,
     "财政局: appropriations, submits payment batches (制单), bank results"},
    {"operator", ROLE_OPERATOR, 0, 0, "运维: clock, settling days, status, statistics"},
    {"auditor", ROLE_AUDITOR, 0, 0, "审计: reads everything but personal data, changes nothing"},
    {"finance.checker", ROLE_FINANCE, 0, 0,
     "财政局复核: releases the payment batches that finance has submitted, 2.12-c"},
    {"human_resources.checker", ROLE_ADMINISTRATION, 0, 0,
     "人力资源和社会保障局复核: approves the policy packs that the administration has proposed"},
};
const size_t fresh_agencies_count = sizeof(fresh_agencies) / sizeof(fresh_agencies[0]);
