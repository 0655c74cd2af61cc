/* Certification (鉴定发证), as one could print it and hang it on the wall. */
#include "certification/certification.h"

static const struct jn_table tables[] = {
    [TABLE_BODY_NUMBER] = {"body_number", &certification__number_row__descriptor},
    [TABLE_BODY] = {"body", &certification__body_row__descriptor},
    [TABLE_CLASS_NUMBER] = {"class_number", &certification__number_row__descriptor},
    [TABLE_CLASS] = {"class", &certification__class_row__descriptor},
    [TABLE_PERSON_NUMBER] = {"person_number", &certification__number_row__descriptor},
    [TABLE_NAMES] = {"names", &certification__names_row__descriptor},
    [TABLE_ROSTER] = {"roster", &certification__roster_row__descriptor},
    [TABLE_RESULTS] = {"results", &certification__results_row__descriptor},
    [TABLE_NUMBERS] = {"numbers", &certification__numbers_row__descriptor},
    [TABLE_CERTIFICATE_NUMBER] = {"certificate_number", &certification__number_row__descriptor},
    [TABLE_HOLDINGS] = {"holdings", &certification__holdings_row__descriptor},
    [TABLE_BASE] = {"base", &certification__set_base__descriptor},
};

#define ASK_CERTIFICATE (ROLE_APPRAISAL | ROLE_EMPLOYMENT_SERVICE | ROLE_REVIEWER | ROLE_OPERATOR | ROLE_AUDITOR)
#define ASK_TOTALS      (ROLE_OPERATOR | ROLE_AUDITOR | ROLE_ADMINISTRATION | ROLE_APPRAISAL | ROLE_SERVICE)

static const struct jn_method methods[] = {
    {"RecordResults", JN_FN(decide_record_results), NULL, ROLE_APPRAISAL},
    {"CloseResults", JN_FN(decide_close_results), NULL, ROLE_APPRAISAL},
    {"RevokeCertificate", JN_FN(decide_revoke_certificate), NULL, ROLE_APPRAISAL},
    {"SetBase", JN_FN(decide_set_base), NULL, ROLE_ADMINISTRATION},
    {"Certificate", NULL, JN_FN(answer_certificate), ASK_CERTIFICATE},
    {"MayWork", NULL, JN_FN(answer_may_work), ASK_CERTIFICATE},
    {"Totals", NULL, JN_FN(answer_totals), ASK_TOTALS},

    /* Correction */
    {"CorrectCertificate", JN_FN(decide_correct_certificate), NULL, ROLE_APPRAISAL},
};

#define OTHERS (ROLE_SERVICE | ROLE_OPERATOR)

static const struct jn_event events[] = {
    {CERTIFICATION__EVENT__BODY_RESULTS_RECORDED, JN_FN(apply_results_recorded), OTHERS, false},
    {CERTIFICATION__EVENT__BODY_RESULTS_CLOSED, JN_FN(apply_results_closed), OTHERS, false},
    {CERTIFICATION__EVENT__BODY_CERTIFICATE_REVOKED, JN_FN(apply_certificate_revoked), OTHERS, false},
    {CERTIFICATION__EVENT__BODY_RESULTS_NUMBERED, JN_FN(apply_results_numbered), ROLE_NONE, false},
    {CERTIFICATION__EVENT__BODY_CERTIFICATES_LAPSED, JN_FN(apply_certificates_lapsed), OTHERS, false},
    {CERTIFICATION__EVENT__BODY_BODIES_NOTED, JN_FN(apply_bodies_noted), ROLE_NONE, false},
    {CERTIFICATION__EVENT__BODY_CLASS_NOTED, JN_FN(apply_class_noted), ROLE_NONE, false},
    {CERTIFICATION__EVENT__BODY_PEOPLE_NOTED, JN_FN(apply_people_noted), ROLE_NONE, true},
    {CERTIFICATION__EVENT__BODY_ROSTER_NOTED, JN_FN(apply_roster_noted), ROLE_NONE, false},
    {CERTIFICATION__EVENT__BODY_BASE_SET, JN_FN(apply_base_set), OTHERS, false},

    /* Correction */
    {CERTIFICATION__EVENT__BODY_CERTIFICATE_CORRECTED, JN_FN(apply_certificate_corrected), OTHERS, false},
    {CERTIFICATION__EVENT__BODY_CERTIFICATE_RENUMBERED, JN_FN(apply_certificate_renumbered), ROLE_NONE, false},
};

static const struct jn_upstream upstreams[] = {
    {"enrollment", &enrollment__event__descriptor},
};

static const struct jn_reaction reactions[] = {
    {"enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, JN_FN(react_institutions_designated)},
    {"enrollment", ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED, JN_FN(react_people_registered)},
    {"enrollment", ENROLLMENT__EVENT__BODY_CLASS_FILED, JN_FN(react_class_filed)},
    {"enrollment", ENROLLMENT__EVENT__BODY_ENROLLED, JN_FN(react_enrolled)},
    {"enrollment", ENROLLMENT__EVENT__BODY_CLASS_OPENED, JN_FN(react_class_opened)},
    {"enrollment", ENROLLMENT__EVENT__BODY_CLASS_STOPPED, JN_FN(react_class_stopped)},
};

static const struct jn_timer timers[] = {
    [TIMER_LAPSE] = {JN_FN(fire_lapse)},
};

const struct jn_service certification_service = {
    .name = "certification",
    .version = 2,
    .contract = &certification__certification__descriptor,
    .event = &certification__event__descriptor,
    JN_LIST(tables),
    JN_LIST(methods),
    JN_LIST(events),
    JN_LIST(upstreams),
    JN_LIST(reactions),
    JN_LIST(timers),
    .audit = certification_audit,
};
