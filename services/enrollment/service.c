/* Enrollment on one page: what it keeps, who may ask for what, what follows, who reads of it. */
#include "enrollment/enrollment.h"

#define EVENT(name, function, roles, names_people)                                                                     \
    {                                                                                                                  \
        ENROLLMENT__EVENT__BODY_##name, JN_FN(function), roles, names_people                                           \
    }

static const struct jn_table tables[] = {
    [TABLE_DIVISION] = {"division", &enrollment__division__descriptor},
    [TABLE_TRAINED] = {"trained", &enrollment__trained__descriptor},
    [TABLE_INSTITUTION] = {"institution", &enrollment__institution__descriptor},
    [TABLE_INSTITUTION_BY_USCC] = {"institution_by_uscc", &enrollment__interned__descriptor},
    [TABLE_PROJECT] = {"project", &enrollment__project__descriptor},
    [TABLE_PROJECT_BY_CODE] = {"project_by_code", &enrollment__interned__descriptor},
    [TABLE_PERSON] = {"person", &enrollment__known_person__descriptor},
    [TABLE_PERSON_BY_ID] = {"person_by_id", &enrollment__interned__descriptor},
    [TABLE_PAYEE] = {"payee", &enrollment__known_payee__descriptor},
    [TABLE_HISTORY] = {"history", &enrollment__imported_history__descriptor},
    [TABLE_CLASS] = {"class", &enrollment__class_filed__descriptor},
    [TABLE_CLASS_STATE] = {"class_state", &enrollment__class_state__descriptor},
    [TABLE_CLASS_BY_NO] = {"class_by_no", &enrollment__interned__descriptor},
    [TABLE_ROSTER] = {"roster", &enrollment__roster_chunk__descriptor},
    [TABLE_SEAT] = {"seat", &enrollment__seat_taken__descriptor},
    [TABLE_ATTENDANCE] = {"attendance", &enrollment__attendance__descriptor},
    [TABLE_ASKED] = {"asked", &enrollment__asked__descriptor},
    [TABLE_PENDING] = {"pending", &enrollment__pending__descriptor},
    [TABLE_ATTENDED] = {"attended", &enrollment__attended__descriptor},
    [TABLE_ENTERPRISE_TOLD] = {"enterprise_told", &enrollment__enterprise_told__descriptor},
    [TABLE_ENTERPRISE_HISTORY] = {"enterprise_history", &enrollment__imported_enterprise_history__descriptor},
};

#define ROLES_CLASS                                                                                                    \
    (ROLE_EMPLOYMENT_SERVICE | ROLE_ADMINISTRATION | ROLE_OPERATOR | ROLE_AUDITOR | ROLE_REVIEWER | ROLE_ATTESTOR)
#define ROLES_HISTORY (ROLE_EMPLOYMENT_SERVICE | ROLE_ADMINISTRATION | ROLE_OPERATOR | ROLE_AUDITOR)
#define ROLES_TOTALS  (ROLE_OPERATOR | ROLE_AUDITOR | ROLE_ADMINISTRATION | ROLE_EMPLOYMENT_SERVICE | ROLE_SERVICE)

static const struct jn_method methods[] = {
    {"SetDivisions", JN_FN(decide_set_divisions), NULL, ROLE_ADMINISTRATION},
    {"DesignateInstitutions", JN_FN(decide_designate_institutions), NULL, ROLE_ADMINISTRATION},
    {"ListProjects", JN_FN(decide_list_projects), NULL, ROLE_ADMINISTRATION},
    {"ImportHistory", JN_FN(decide_import_history), NULL, ROLE_EMPLOYMENT_SERVICE},
    {"FileClass", JN_FN(decide_file_class), NULL, ROLE_EMPLOYMENT_SERVICE},
    {"Enrol", JN_FN(decide_enrol), NULL, ROLE_EMPLOYMENT_SERVICE},
    {"OpenClass", JN_FN(decide_open_class), NULL, ROLE_EMPLOYMENT_SERVICE},
    {"StopClass", JN_FN(decide_stop_class), NULL, ROLE_EMPLOYMENT_SERVICE},
    {"Attest", JN_FN(decide_attest), NULL, ROLE_ATTESTOR},
    {"RecordAttendance", JN_FN(decide_record_attendance), NULL, ROLE_EMPLOYMENT_SERVICE},
    {"FinishClass", JN_FN(decide_finish_class), NULL, ROLE_EMPLOYMENT_SERVICE},
    {"Requests", NULL, JN_FN(answer_requests), ROLE_ATTESTOR},
    {"People", NULL, JN_FN(answer_people), ROLE_ATTESTOR},
    {"Class", NULL, JN_FN(answer_class), ROLES_CLASS},
    {"Record", NULL, JN_FN(answer_record), ROLE_EMPLOYMENT_SERVICE},
    {"Progress", NULL, JN_FN(answer_progress), ROLES_TOTALS},
    {"Totals", NULL, JN_FN(answer_totals), ROLES_TOTALS},

    /* Corrections */
    {"CancelClass", JN_FN(decide_cancel_class), NULL, ROLE_EMPLOYMENT_SERVICE},
    {"CorrectAttendance", JN_FN(decide_correct_attendance), NULL, ROLE_ADMINISTRATION},
    {"WithdrawAttestation", JN_FN(decide_withdraw_attestation), NULL, ROLE_ATTESTOR},

    /* Checks */
    {"VerifyPeople", JN_FN(decide_verify_people), NULL, ROLE_EMPLOYMENT_SERVICE},
    {"InspectClass", JN_FN(decide_inspect_class), NULL, ROLE_EMPLOYMENT_SERVICE},

    /* What enterprises were paid */
    {"ImportEnterpriseHistory", JN_FN(decide_import_enterprise_history), NULL, ROLE_EMPLOYMENT_SERVICE},
    {"EnterpriseHistory", NULL, JN_FN(answer_enterprise_history), ROLES_HISTORY},
};

/* Names and id numbers go to certification, which prints them; accounts to the ledger, which pays. Institutions carry
 * an account too: the suite's services alone read of them. */
#define READERS (ROLE_SERVICE | ROLE_OPERATOR)

static const struct jn_event events[] = {
    EVENT(DIVISIONS_SET, apply_divisions_set, READERS, false),
    EVENT(INSTITUTIONS_DESIGNATED, apply_institutions_designated, ROLE_SERVICE, false),
    EVENT(PROJECTS_LISTED, apply_projects_listed, READERS, false),
    EVENT(PEOPLE_REGISTERED, apply_people_registered, ROLE_CERTIFIER, true),
    EVENT(PAYEES_REGISTERED, apply_payees_registered, ROLE_PAYER, true),
    EVENT(HISTORY_IMPORTED, apply_history_imported, READERS, false),
    EVENT(CLASS_FILED, apply_class_filed, READERS, false),
    EVENT(ENROLLED, apply_enrolled, READERS, false),
    EVENT(CLASS_OPENED, apply_class_opened, READERS, false),
    EVENT(ATTESTATION_REQUESTED, apply_attestation_requested, READERS, false),
    EVENT(ATTESTED, apply_attested, READERS, false),
    EVENT(ATTENDANCE_RECORDED, apply_attendance_recorded, READERS, false),
    EVENT(CLASS_FINISHED, apply_class_finished, READERS, false),
    EVENT(CLASS_STOPPED, apply_class_stopped, READERS, false),

    /* Corrections */
    EVENT(CLASS_CANCELLED, apply_class_cancelled, READERS, false),
    EVENT(ATTENDANCE_CORRECTED, apply_attendance_corrected, READERS, false),
    EVENT(ATTESTATION_WITHDRAWN, apply_attestation_withdrawn, READERS, false),

    /* Checks */
    EVENT(PEOPLE_CHECKED, apply_people_checked, READERS, false),
    EVENT(ACCOUNTS_GIVEN, apply_accounts_given, READERS, false),
    EVENT(CLASS_INSPECTED, apply_class_inspected, READERS, false),
};

static void
audit_all(struct jn_audit *audit)
{
    audit_divisions(audit);
    audit_institutions(audit);
    audit_projects(audit);
    audit_people(audit);
    audit_history(audit);
    audit_enterprise_history(audit);
    audit_classes(audit);
    audit_rosters(audit);
    audit_attestations(audit);
    audit_attendance(audit);
    audit_corrections(audit);
}

const struct jn_service enrollment_service = {
    .name = "enrollment",
    .version = 5,
    .contract = &enrollment__enrollment__descriptor,
    .event = &enrollment__event__descriptor,
    JN_LIST(tables),
    JN_LIST(methods),
    JN_LIST(events),
    .audit = audit_all,
};
