/* Certification: certificates once they are out. Revoked, lapsed, asked for; who may work; how many are skilled. */
#include "certification_given.h"

static Certification__Result
special_operation(unsigned person, const char *number, const char *day)
{
    Certification__Result row = cook(person, 0, 1);

    row.kind = COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION;
    row.certificate_no = (char *)(uintptr_t)number;
    row.day = day_of(day);
    return row;
}

/* Class 2, "C-2", the same occupation and people. */
static void
a_second_class_of(unsigned count)
{
    filed(2, "C-2", COOK, "2020-06-05");
    enrolled(2, 1, 1, count);
    opened(2);
}

static void
a_certificate_shows_no_more_of_a_name_than_a_list_may(void **state)
{
    const Certification__CertificateView *view;

    (void)state;
    a_class_of(1);
    assert_int_equal(record_one("C-1", cook(1, 3, 7)), JN_OK);
    view = certificate(skill_no(3, 7));
    assert_string_equal(view->masked_name, "陈**");
    assert_string_equal(view->certificate_no, skill_no(3, 7));
    assert_string_equal(view->occupation, COOK);
    assert_string_equal(view->evaluator, ASSESSOR);
    assert_string_equal(view->class_no, "C-1");
    assert_string_equal(view->state, "valid");
    assert_int_equal(view->kind, COMMON__CERTIFICATE_KIND__SKILL_LEVEL);
    assert_int_equal(view->level, 3);
    assert_int_equal(view->day, day_of("2020-06-10"));
    assert_int_equal(view->certificate, 1);
    assert_int_equal(view->valid_to_day, 0);
}

static void
a_certificate_is_asked_for_by_one_name(void **state)
{
    Certification__CertificateRequest request = CERTIFICATION__CERTIFICATE_REQUEST__INIT;
    struct jn_agency stranger = jn_world_agency("veterans", ROLE_INBOX);
    const void *reply;

    (void)state;
    a_class_of(1);
    assert_int_equal(record_one("C-1", cook(1, 3, 7)), JN_OK);
    assert_int_equal(jn_world_query(w, &auditor, "Certificate", &request, &reply), JN_MALFORMED);
    request.certificate = 1;
    assert_int_equal(jn_world_query(w, &auditor, "Certificate", &request, &reply), JN_OK);
    assert_int_equal(jn_world_query(w, &stranger, "Certificate", &request, &reply), JN_DENIED);
    request.certificate_no = skill_no(3, 7);
    assert_int_equal(jn_world_query(w, &auditor, "Certificate", &request, &reply), JN_MALFORMED);
    request.certificate = 0;
    request.certificate_no = skill_no(3, 8);
    assert_int_equal(jn_world_query(w, &auditor, "Certificate", &request, &reply), JN_NOT_FOUND);
    request.certificate_no = (char *)(uintptr_t) "012345678901234567890123456789012345678901234567890123456789012X5";
    assert_int_equal(jn_world_query(w, &auditor, "Certificate", &request, &reply), JN_MALFORMED);
    request.certificate_no = (char *)(uintptr_t) "";
    request.certificate = 2;
    assert_int_equal(jn_world_query(w, &auditor, "Certificate", &request, &reply), JN_NOT_FOUND);
}

static void
a_name_may_come_after_the_person(void **state)
{
    Enrollment__PeopleRegistered event = ENROLLMENT__PEOPLE_REGISTERED__INIT;
    Enrollment__RegisteredPerson row = ENROLLMENT__REGISTERED_PERSON__INIT, *rows[1] = {&row};

    (void)state;
    row.person = 1;
    row.id_number = citizen(1);
    event.n_rows = 1;
    event.rows = rows;
    /* Known from history alone. */
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED, &event);
    filed(1, "C-1", COOK, "2020-05-31");
    enrolled(1, 1, 1, 1);
    opened(1);
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_OK);
    assert_string_equal(certificate(skill_no(4, 1))->masked_name, "**");
    row.name = (char *)(uintptr_t) "欧阳某某";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED, &event);
    assert_string_equal(certificate(skill_no(4, 1))->masked_name, "欧**");
    row.name = (char *)(uintptr_t) "";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED, &event);
    assert_string_equal(certificate(skill_no(4, 1))->masked_name, "欧**");
}

static void
people_without_number_or_with_half_an_id_are_left_alone(void **state)
{
    Enrollment__PeopleRegistered event = ENROLLMENT__PEOPLE_REGISTERED__INIT;
    Enrollment__RegisteredPerson row = ENROLLMENT__REGISTERED_PERSON__INIT, *rows[1] = {&row};

    (void)state;
    event.n_rows = 1;
    event.rows = rows;
    row.id_number = citizen(1);
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED, &event);
    row.person = 1;
    row.id_number = (char *)(uintptr_t) "130199";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED, &event);
    assert_int_equal(jn_world_count(w, CERTIFICATION__EVENT__BODY_PEOPLE_NOTED), 0);
}

static void
a_revoked_certificate_permits_nothing(void **state)
{
    const Certification__CertificateRevoked *event;

    (void)state;
    a_class_of(2);
    assert_int_equal(record_one("C-1", cook(2, 3, 1)), JN_OK);
    assert_true(may_work(2, COOK)->may);
    assert_int_equal(totals()->highly_skilled, 1);
    assert_int_equal(revoke(skill_no(3, 1)), JN_OK);
    event = jn_world_last(w, CERTIFICATION__EVENT__BODY_CERTIFICATE_REVOKED);
    assert_int_equal(event->certificate, 1);
    assert_int_equal(event->class_, 1);
    assert_int_equal(event->person, 2);
    assert_int_equal(event->seat, 2);
    assert_int_equal(event->division, 130102);
    assert_int_equal(event->kind, COMMON__CERTIFICATE_KIND__SKILL_LEVEL);
    assert_string_equal(event->occupation, COOK);
    assert_string_equal(certificate(skill_no(3, 1))->state, "revoked");
    assert_false(may_work(2, COOK)->may);
    assert_int_equal(totals()->highly_skilled, 0);
    assert_int_equal(totals()->skilled, 0);
    assert_int_equal(totals()->revoked, 1);
    assert_int_equal(totals()->certified, 1);
}

static void
revoking_needs_a_certificate_a_reason_and_the_division(void **state)
{
    Certification__RevokeCertificate cmd = CERTIFICATION__REVOKE_CERTIFICATE__INIT;
    struct jn_agency elsewhere = jn_world_agency("zhengding.appraisal", ROLE_APPRAISAL);
    char long_reason[402];

    (void)state;
    elsewhere.divisions[0] = 130123;
    elsewhere.divisions_count = 1;
    a_class_of(1);
    assert_int_equal(record_one("C-1", cook(1, 3, 1)), JN_OK);
    assert_int_equal(revoke(""), JN_MALFORMED);
    assert_int_equal(revoke(skill_no(3, 2)), JN_NOT_FOUND);
    cmd.certificate_no = skill_no(3, 1);
    assert_int_equal(jn_world_command(w, &appraisal, "RevokeCertificate", &cmd, NULL), JN_MALFORMED);
    memset(long_reason, 'x', 401);
    long_reason[401] = '\0';
    cmd.reason = long_reason;
    assert_int_equal(jn_world_command(w, &appraisal, "RevokeCertificate", &cmd, NULL), JN_MALFORMED);
    long_reason[400] = '\0';
    assert_int_equal(jn_world_command(w, &elsewhere, "RevokeCertificate", &cmd, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_command(w, &operations, "RevokeCertificate", &cmd, NULL), JN_DENIED);
    assert_int_equal(jn_world_command(w, &appraisal, "RevokeCertificate", &cmd, NULL), JN_OK);
    assert_int_equal(jn_world_again(w, NULL), JN_OK);
    assert_int_equal(revoke(skill_no(3, 1)), JN_WRONG_STATE);
    assert_int_equal(totals()->revoked, 1);
}

static void
may_this_person_work(void **state)
{
    Certification__MayWorkRequest request = CERTIFICATION__MAY_WORK_REQUEST__INIT;
    const Certification__MayWorkReply *reply;
    Certification__Result later = cook(2, 4, 2);

    (void)state;
    a_class_of(3);
    later.day = day_of("2020-07-01");
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_OK);
    assert_int_equal(record_one("C-1", later), JN_OK);
    reply = may_work(1, COOK);
    assert_true(reply->may);
    assert_string_equal(reply->certificate_no, skill_no(4, 1));
    reply = may_work(1, ELECTRICIAN);
    assert_false(reply->may);
    assert_non_null(strstr(reply->why, "2.1-f"));
    assert_string_equal(reply->certificate_no, "");
    reply = may_work(2, COOK);
    assert_false(reply->may);
    assert_non_null(strstr(reply->why, "later than today"));
    assert_false(may_work(3, COOK)->may);
    assert_false(may_work(4444, COOK)->may); /* nobody knows that number */

    /* The auditor learns whether, not by which paper. */
    request.id_number = citizen(1);
    request.occupation = (char *)(uintptr_t)COOK;
    assert_int_equal(jn_world_query(w, &auditor, "MayWork", &request, (const void **)&reply), JN_OK);
    assert_true(reply->may);
    assert_string_equal(reply->certificate_no, "");
    request.occupation = (char *)(uintptr_t) "";
    assert_int_equal(jn_world_query(w, &auditor, "MayWork", &request, NULL), JN_MALFORMED);
    request.occupation = (char *)(uintptr_t) "an occupation of thirty-three cha";
    assert_int_equal(jn_world_query(w, &auditor, "MayWork", &request, NULL), JN_MALFORMED);
    request.occupation = (char *)(uintptr_t)COOK;
    request.id_number = (char *)(uintptr_t) "1";
    assert_int_equal(jn_world_query(w, &auditor, "MayWork", &request, NULL), JN_MALFORMED);
}

static void
the_best_of_several_certificates_decides(void **state)
{
    Certification__Result later = cook(1, 3, 2);

    (void)state;
    a_class_of(1);
    a_second_class_of(1);
    later.day = day_of("2020-07-01");
    assert_int_equal(record_one("C-2", later), JN_OK);
    assert_false(may_work(1, COOK)->may);
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_OK);
    assert_true(may_work(1, COOK)->may);
    assert_string_equal(may_work(1, COOK)->certificate_no, skill_no(4, 1));
    assert_int_equal(revoke(skill_no(4, 1)), JN_OK);
    assert_false(may_work(1, COOK)->may);
}

static void
special_operations_lapse_after_six_years(void **state)
{
    const Certification__CertificatesLapsed *lapsed;
    Certification__Result rows[4] = {
        special_operation(1, "T1", "2020-06-10"),
        special_operation(2, "T2", "2020-06-10"),
        special_operation(3, "T3", "2020-06-20"),
        cook(4, 4, 1),
    };

    (void)state;
    a_class_of(4);
    assert_int_equal(record("C-1", rows, 4), JN_OK);
    assert_int_equal(certificate("T1")->valid_to_day, day_of("2026-06-09"));
    advance_to("2026-06-09");
    assert_true(may_work(1, COOK)->may);
    assert_int_equal(revoke("T2"), JN_OK);
    advance_to("2026-06-10");
    assert_false(may_work(1, COOK)->may);
    assert_true(may_work(3, COOK)->may);
    assert_string_equal(certificate("T1")->state, "lapsed");
    lapsed = jn_world_last(w, CERTIFICATION__EVENT__BODY_CERTIFICATES_LAPSED);
    assert_int_equal(lapsed->n_rows, 1); /* the second was revoked before */
    assert_int_equal(lapsed->rows[0]->certificate, 1);
    assert_int_equal(lapsed->rows[0]->person, 1);
    assert_int_equal(lapsed->class_, 1);
    assert_int_equal(lapsed->division, 130102);
    assert_int_equal(totals()->lapsed, 1);

    /* What has lapsed can still be revoked. */
    assert_int_equal(revoke("T1"), JN_OK);
    assert_string_equal(certificate("T1")->state, "revoked");
    advance_to("2030-01-01");
    assert_int_equal(totals()->lapsed, 2);
    assert_true(may_work(4, COOK)->may);
}

static void
a_leap_day_has_no_sixth_anniversary(void **state)
{
    (void)state;
    registered(1, 1);
    filed(1, "C-1", COOK, "2020-02-20");
    enrolled(1, 1, 1, 1);
    opened(1);
    assert_int_equal(record_one("C-1", special_operation(1, "T1", "2020-02-29")), JN_OK);
    assert_int_equal(certificate("T1")->valid_to_day, day_of("2026-02-28"));
}

static void
what_was_recorded_after_it_ran_out_lapses_at_once(void **state)
{
    Certification__Result rows[2] = {special_operation(1, "T1", "2020-06-10"),
                                     special_operation(2, "T2", "2020-06-11")};

    (void)state;
    a_class_of(2);
    advance_to("2027-01-01");
    assert_int_equal(record("C-1", rows, 2), JN_OK);
    assert_false(may_work(1, COOK)->may);
    assert_string_equal(certificate("T1")->state, "lapsed");
    advance_to("2027-01-02");
    assert_int_equal(totals()->lapsed, 2);
    assert_int_equal(jn_world_count(w, CERTIFICATION__EVENT__BODY_CERTIFICATES_LAPSED), 2);
}

static void
people_are_counted_once_however_many_certificates_they_hold(void **state)
{
    (void)state;
    a_class_of(40);
    a_second_class_of(40);
    assert_int_equal(record_one("C-1", cook(1, 5, 1)), JN_OK);
    assert_int_equal(record_one("C-2", cook(1, 4, 2)), JN_OK);
    assert_int_equal(record_one("C-2", cook(40, 1, 3)), JN_OK);
    assert_int_equal(record_one("C-1", special_operation(2, "T1", "2020-06-10")), JN_OK);
    assert_int_equal(totals()->certified, 4);
    assert_int_equal(totals()->skilled, 2);
    assert_int_equal(totals()->highly_skilled, 1);
    assert_int_equal(revoke(skill_no(5, 1)), JN_OK);
    assert_int_equal(totals()->skilled, 2);
    assert_int_equal(revoke(skill_no(4, 2)), JN_OK);
    assert_int_equal(totals()->skilled, 1);
}

/* ---- What a certificate says wrongly ---- */

static Certification__CorrectCertificate
correction_of(const char *certificate_no, Certification__Result right)
{
    Certification__CorrectCertificate cmd = CERTIFICATION__CORRECT_CERTIFICATE__INIT;

    cmd.certificate_no = (char *)(uintptr_t)certificate_no;
    cmd.kind = right.kind;
    cmd.level = right.level;
    cmd.day = right.day;
    cmd.evaluator = right.evaluator;
    if (strcmp(certificate_no, right.certificate_no) != 0)
        cmd.new_certificate_no = right.certificate_no;
    cmd.document = (char *)(uintptr_t) "J-1";
    cmd.reason = (char *)(uintptr_t) "the sheet was copied wrongly";
    return cmd;
}

static enum jn_code
correct(const char *certificate_no, Certification__Result right)
{
    Certification__CorrectCertificate cmd = correction_of(certificate_no, right);

    return jn_world_command(w, &appraisal, "CorrectCertificate", &cmd, NULL);
}

static void
a_corrected_certificate_is_as_if_recorded_so(void **state)
{
    const Certification__CertificateCorrected *event;
    Certification__Result right = cook(2, 3, 7);

    (void)state;
    a_class_of(2);
    assert_int_equal(record_one("C-1", cook(2, 4, 1)), JN_OK);
    assert_int_equal(totals()->highly_skilled, 0);
    right.day = day_of("2020-06-12");
    assert_int_equal(correct(skill_no(4, 1), right), JN_OK);
    event = jn_world_last(w, CERTIFICATION__EVENT__BODY_CERTIFICATE_CORRECTED);
    assert_int_equal(event->certificate, 1);
    assert_int_equal(event->class_, 1);
    assert_int_equal(event->person, 2);
    assert_int_equal(event->seat, 2);
    assert_int_equal(event->division, 130102);
    assert_string_equal(event->occupation, COOK);
    assert_string_equal(event->document, "J-1");
    assert_int_equal(event->was->level, 4);
    assert_int_equal(event->was->day, day_of("2020-06-10"));
    assert_int_equal(event->now->level, 3);
    assert_int_equal(event->now->day, day_of("2020-06-12"));
    assert_int_equal(event->now->certificate, 1);
    assert_int_equal(certificate(skill_no(3, 7))->level, 3);
    assert_int_equal(certificate(skill_no(3, 7))->day, day_of("2020-06-12"));
    assert_int_equal(totals()->skilled, 1);
    assert_int_equal(totals()->highly_skilled, 1); /* of level 3 now */
    assert_string_equal(may_work(2, COOK)->certificate_no, skill_no(3, 7));
    /* The paper that is out leads to it. */
    assert_int_equal(certificate(skill_no(4, 1))->certificate, 1);
    assert_string_equal(certificate(skill_no(4, 1))->certificate_no, skill_no(3, 7));
    /* And back: the number is its own again. */
    assert_int_equal(correct(skill_no(3, 7), cook(2, 4, 1)), JN_OK);
    assert_string_equal(certificate(skill_no(3, 7))->certificate_no, skill_no(4, 1));
    assert_int_equal(totals()->highly_skilled, 0);
    assert_int_equal(close_results("C-1"), JN_OK);
    assert_int_equal(correct(skill_no(4, 1), cook(2, 5, 9)), JN_OK);
    assert_int_equal(totals()->certified, 1);
}

static void
another_ones_number_is_marked_and_leads_to_the_first(void **state)
{
    const Certification__CertificateCorrected *event;

    (void)state;
    a_class_of(3);
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_OK);
    assert_int_equal(record_one("C-1", cook(2, 4, 2)), JN_OK);
    assert_int_equal(correct(skill_no(4, 1), cook(1, 4, 2)), JN_OK);
    event = jn_world_last(w, CERTIFICATION__EVENT__BODY_CERTIFICATE_CORRECTED);
    assert_true(event->now->number_repeated);
    assert_int_equal(certificate(skill_no(4, 2))->certificate, 2);
    assert_int_equal(certificate(skill_no(4, 1))->certificate, 1);
    /* A number that another had once was issued before, too. */
    assert_int_equal(record_one("C-1", cook(3, 4, 1)), JN_OK);
    assert_int_equal(outcomes->n_notes, 1);
    assert_int_equal(certificate(skill_no(4, 1))->certificate, 1);
}

static void
a_correction_must_fit_as_a_result_does(void **state)
{
    struct jn_agency elsewhere = jn_world_agency("zhengding.appraisal", ROLE_APPRAISAL);
    Certification__CorrectCertificate cmd;
    Certification__Result right = cook(1, 3, 1);
    char *number = skill_no(4, 1);

    (void)state;
    elsewhere.divisions[0] = 130123;
    elsewhere.divisions_count = 1;
    a_class_of(2);
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_OK);
    right.certificate_no = number; /* of level 4 */
    assert_int_equal(correct(number, right), JN_MALFORMED);
    right = cook(1, 3, 1);
    right.day = day_of("2020-05-30"); /* it ended on the 31st */
    assert_int_equal(correct(number, right), JN_OUT_OF_LIMITS);
    right = cook(1, 3, 1);
    right.evaluator = (char *)(uintptr_t)SCHOOL;
    assert_int_equal(correct(number, right), JN_NOT_FOUND);
    right.evaluator = (char *)(uintptr_t) "1";
    assert_int_equal(correct(number, right), JN_MALFORMED);
    assert_int_equal(correct(number, cook(1, 4, 1)), JN_WRONG_STATE); /* it says so */
    assert_int_equal(correct(skill_no(4, 9), cook(1, 3, 1)), JN_NOT_FOUND);
    cmd = correction_of(number, cook(1, 3, 1));
    assert_int_equal(jn_world_command(w, &elsewhere, "CorrectCertificate", &cmd, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_command(w, &auditor, "CorrectCertificate", &cmd, NULL), JN_DENIED);
    cmd.document = (char *)(uintptr_t) "";
    assert_int_equal(jn_world_command(w, &appraisal, "CorrectCertificate", &cmd, NULL), JN_MALFORMED);
    cmd = correction_of(number, cook(1, 3, 1));
    cmd.reason = (char *)(uintptr_t) "";
    assert_int_equal(jn_world_command(w, &appraisal, "CorrectCertificate", &cmd, NULL), JN_MALFORMED);
    assert_int_equal(jn_world_count(w, CERTIFICATION__EVENT__BODY_CERTIFICATE_CORRECTED), 0);
    assert_int_equal(revoke(number), JN_OK);
    assert_int_equal(correct(number, cook(1, 3, 1)), JN_WRONG_STATE);
}

/* It may certify cooks no longer: what it certified can be put right all the same, nothing can be said to be its. */
static void
an_evaluator_stays_though_it_may_certify_no_longer(void **state)
{
    (void)state;
    a_class_of(2);
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_OK);
    designated(1, ASSESSOR, COMMON__INSTITUTION_KIND__EVALUATION, ELECTRICIAN);
    assert_int_equal(record_one("C-1", cook(2, 4, 2)), JN_REFUSED);
    assert_int_equal(correct(skill_no(4, 1), cook(1, 3, 1)), JN_OK);
    assert_int_equal(certificate(skill_no(3, 1))->level, 3);
}

static void
a_lapse_goes_with_what_a_certificate_says(void **state)
{
    Certification__Result rows[3] = {special_operation(1, "T1", "2020-06-10"), special_operation(2, "T2", "2020-06-10"),
                                     cook(3, 4, 1)};

    (void)state;
    a_class_of(3);
    assert_int_equal(record("C-1", rows, 3), JN_OK);
    assert_int_equal(correct("T1", special_operation(1, "T1", "2020-06-14")), JN_OK);
    assert_int_equal(correct(skill_no(4, 1), special_operation(3, "T3", "2020-06-10")), JN_OK);
    assert_int_equal(totals()->skilled, 0);
    advance_to("2026-06-10");
    assert_int_equal(totals()->lapsed, 2);
    assert_string_equal(certificate("T1")->state, "valid");
    assert_int_equal(correct("T2", special_operation(2, "T2", "2020-06-14")), JN_WRONG_STATE);
    /* Another one of a day that is over: it lapses at once, and alone. */
    assert_int_equal(correct("T1", special_operation(1, "T1", "2020-06-10")), JN_OK);
    advance_to("2026-06-11");
    assert_int_equal(totals()->lapsed, 3);
    assert_string_equal(certificate("T1")->state, "lapsed");
    advance_to("2030-06-11");
    assert_int_equal(totals()->lapsed, 3);
}

static void
how_many_special_operations_passed_is_counted_anew(void **state)
{
    const Certification__ResultsClosed *event;

    (void)state;
    a_class_of(2);
    assert_int_equal(record_one("C-1", special_operation(1, "T1", "2020-06-10")), JN_OK);
    assert_int_equal(record_one("C-1", cook(2, 4, 1)), JN_OK);
    assert_int_equal(correct("T1", cook(1, 4, 2)), JN_OK);
    assert_int_equal(close_results("C-1"), JN_OK);
    event = jn_world_last(w, CERTIFICATION__EVENT__BODY_RESULTS_CLOSED);
    assert_int_equal(event->special_operations, 0);
    advance_to("2026-07-01");
    assert_int_equal(totals()->lapsed, 0);
    assert_int_equal(totals()->skilled, 2);
}

static enum jn_code
set_base(uint32_t year, uint64_t employed, uint64_t skilled, uint64_t highly_skilled)
{
    struct jn_agency administration = jn_world_agency("human_resources.administration", ROLE_ADMINISTRATION);
    Certification__SetBase cmd = CERTIFICATION__SET_BASE__INIT;

    cmd.year = year;
    cmd.employed = employed;
    cmd.skilled = skilled;
    cmd.highly_skilled = highly_skilled;
    return jn_world_command(w, &administration, "SetBase", &cmd, NULL);
}

static void
ratios_stand_on_the_years_base(void **state)
{
    Certification__SetBase cmd = CERTIFICATION__SET_BASE__INIT;

    (void)state;
    a_class_of(2);
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_OK);
    assert_int_equal(record_one("C-1", cook(2, 3, 2)), JN_OK);
    assert_int_equal(totals()->base_year, 0);
    assert_int_equal(totals()->skilled_permille, 0);
    assert_int_equal(set_base(2020, 1000, 248, 60), JN_OK);
    assert_int_equal(set_base(2019, 1000, 100, 1), JN_OK); /* an older year does not displace it */
    assert_int_equal(totals()->base_year, 2020);
    assert_int_equal(totals()->skilled_permille, 250);        /* 250 of 1,000 */
    assert_int_equal(totals()->highly_skilled_permille, 244); /* 61 of 250 */

    assert_int_equal(set_base(1999, 1000, 1, 1), JN_MALFORMED);
    assert_int_equal(set_base(2200, 1000, 1, 1), JN_MALFORMED);
    assert_int_equal(set_base(2021, 0, 0, 0), JN_MALFORMED);
    assert_int_equal(set_base(2021, UINT64_MAX, 0, 0), JN_MALFORMED);
    assert_int_equal(set_base(2021, 100, 101, 0), JN_OUT_OF_LIMITS);
    assert_int_equal(set_base(2021, 100, 10, 11), JN_OUT_OF_LIMITS);
    assert_int_equal(jn_world_command(w, &appraisal, "SetBase", &cmd, NULL), JN_DENIED);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(a_certificate_shows_no_more_of_a_name_than_a_list_may),
        STORY(a_certificate_is_asked_for_by_one_name),
        STORY(a_name_may_come_after_the_person),
        STORY(people_without_number_or_with_half_an_id_are_left_alone),
        STORY(a_revoked_certificate_permits_nothing),
        STORY(revoking_needs_a_certificate_a_reason_and_the_division),
        STORY(may_this_person_work),
        STORY(the_best_of_several_certificates_decides),
        STORY(special_operations_lapse_after_six_years),
        STORY(a_leap_day_has_no_sixth_anniversary),
        STORY(what_was_recorded_after_it_ran_out_lapses_at_once),
        STORY(people_are_counted_once_however_many_certificates_they_hold),
        STORY(a_corrected_certificate_is_as_if_recorded_so),
        STORY(another_ones_number_is_marked_and_leads_to_the_first),
        STORY(a_correction_must_fit_as_a_result_does),
        STORY(an_evaluator_stays_though_it_may_certify_no_longer),
        STORY(a_lapse_goes_with_what_a_certificate_says),
        STORY(how_many_special_operations_passed_is_counted_anew),
        STORY(ratios_stand_on_the_years_base),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
