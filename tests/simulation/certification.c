/* What the departments ask of certification. */
#include "simulation/make.h"

#include <string.h>

#include "domain/date.h"
#include "jineng/v1/certification.pb-c.h"

extern const struct jn_service certification_service;

static bool
has_ended(const struct sim *sim, const struct city_class *class)
{
    return class->opened && !class->closed && !class->stopped && class->end_day <= city_today(sim);
}

/* A number of the form that its kind asks for; now and then one that was issued before. */
static void
fill_result(struct sim *sim, struct city_class *class, Certification__Result *row)
{
    unsigned serial = (unsigned)rng_below(&sim->work, rng_chance(&sim->work, 300) ? 20 : 900000);

    row->id_number = sim->city.id[class->seats[rng_below(&sim->work, class->seats_count)]];
    row->day = class->end_day + (int32_t)rng_below(&sim->work, 4);
    row->evaluator = sim->city.uscc[CITY_INSTITUTIONS - 1 - rng_below(&sim->work, 2)];
    row->kind = rng_chance(&sim->work, 6000)   ? COMMON__CERTIFICATE_KIND__SKILL_LEVEL
                : rng_chance(&sim->work, 3000) ? COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION
                                               : COMMON__CERTIFICATE_KIND__COMPLETION;
    row->level = row->kind == COMMON__CERTIFICATE_KIND__SKILL_LEVEL ? 1 + (uint32_t)rng_below(&sim->work, 5) : 0;
    row->certificate_no =
        row->level ? city_print(sim, "S000013130100%02d%u%06u", date_of(row->day).year % 100, row->level, serial)
                   : city_print(sim, "COMP%08u", serial);
}

static bool
make_results(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, has_ended);
    MAKE(sim, message, Certification__RecordResults, certification__record_results__init);

    if (!class)
        return false;
    draft->about[0] = (uint64_t)(class - sim->city.classes);
    draft->agency = A_APPRAISAL;
    draft->message = message;
    message->class_no = class->number;
    MAKE_LIST(sim, message->rows, message->n_rows, 1 + rng_below(&sim->work, 10), Certification__Result,
              certification__result__init);
    for (size_t i = 0; i < message->n_rows; i++)
        fill_result(sim, class, message->rows[i]);
    return true;
}

static void
results_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    if (code == JN_OK)
        sim->city.certificates_told += ((const Certification__Outcomes *)reply)->done;
}

static bool
make_close(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, has_ended);
    MAKE(sim, message, Certification__CloseResults, certification__close_results__init);

    if (!class)
        return false;
    draft->about[0] = (uint64_t)(class - sim->city.classes);
    draft->agency = A_APPRAISAL;
    draft->message = message;
    message->class_no = class->number;
    class->closed = sim->calm;
    return true;
}

static void
closed_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)reply;
    sim->city.classes[task->about[0]].closed |= code == JN_OK;
}

static bool
make_revoke(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Certification__RevokeCertificate, certification__revoke_certificate__init);

    message->certificate = 1 + rng_below(&sim->work, sim->city.certificates_told);
    message->reason = text_of("考试作弊");
    draft->agency = A_APPRAISAL;
    draft->message = message;
    return sim->city.certificates_told > 0;
}

/* Whatever it said: another kind, level, day or evaluator, under a number of the form that is right then. */
static bool
make_correct(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Certification__CorrectCertificate, certification__correct_certificate__init);
    MAKE(sim, right, Certification__Result, certification__result__init);
    struct city_class class = {.seats_count = 1, .end_day = city_today(sim) - 3};

    fill_result(sim, &class, right);
    message->certificate = 1 + rng_below(&sim->work, sim->city.certificates_told);
    message->kind = right->kind;
    message->level = right->level;
    message->day = right->day;
    message->evaluator = right->evaluator;
    message->new_certificate_no = right->certificate_no;
    message->document = text_of("石职鉴号");
    message->reason = text_of("登记有误");
    draft->agency = A_APPRAISAL;
    draft->message = message;
    return sim->city.certificates_told > 0;
}

static bool
make_base(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Certification__SetBase, certification__set_base__init);

    message->year = 2020;
    message->employed = 100000 + rng_below(&sim->work, 1000);
    message->skilled = 20000;
    message->highly_skilled = 5000;
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

static bool
make_certificate(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Certification__CertificateRequest, certification__certificate_request__init);

    message->certificate = 1 + rng_below(&sim->work, 1 + sim->city.certificates_told);
    draft->agency = A_APPRAISAL;
    draft->message = message;
    return true;
}

static bool
make_may_work(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Certification__MayWorkRequest, certification__may_work_request__init);

    message->id_number = sim->city.id[rng_below(&sim->work, sim->city.people_count)];
    message->occupation = text_of("4-10-01-06");
    draft->agency = A_APPRAISAL;
    draft->message = message;
    return true;
}

static bool
make_totals(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Certification__TotalsRequest, certification__totals_request__init);

    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static const struct sim_generator generators[] = {
    {"RecordResults", 60, make_results, results_heard},
    {"CloseResults", 40, make_close, closed_heard},
    {"RevokeCertificate", 6, make_revoke, NULL},
    {"CorrectCertificate", 5, make_correct, NULL},
    {"SetBase", 1, make_base, NULL},
    {"Certificate", 6, make_certificate, NULL},
    {"MayWork", 4, make_may_work, NULL},
    {"Totals", 3, make_totals, NULL},
    {"Advance", 0, city_advance, NULL},
};
const struct sim_part sim_certification = {&certification_service, generators,
                                           sizeof(generators) / sizeof(generators[0])};
