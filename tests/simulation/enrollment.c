/* What the departments ask of enrollment. */
#include "simulation/make.h"

#include <string.h>

#include "jineng/v1/enrollment.pb-c.h"

extern const struct jn_service enrollment_service;

#define OPEN_END_DAY 30000 /* 2052 */

static const char *const occupations[CITY_PROJECTS] = {"4-10-01-06", "4-10-01-05", "6-18-01-01", "6-31-01-03",
                                                       "4-07-05-01", "6-11-01-01", "4-12-01-01", "6-09-03-12"};

static struct city_class *
class_of(struct sim *sim, const struct sim_task *task)
{
    return &sim->city.classes[task->about[0]];
}

static uint64_t
index_of(const struct sim *sim, const struct city_class *class)
{
    return (uint64_t)(class - sim->city.classes);
}

/* ---- The directory ---- */

static bool
make_divisions(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__SetDivisions, enrollment__set_divisions__init);

    MAKE_LIST(sim, message->rows, message->n_rows, CITY_DIVISIONS, Enrollment__Division, enrollment__division__init);
    for (size_t i = 0; i < CITY_DIVISIONS; i++) {
        message->rows[i]->code = city_divisions[i];
        message->rows[i]->name = city_print(sim, "区县%zu", i);
        message->rows[i]->province_administered = city_divisions[i] == 130181;
        message->rows[i]->target_2020 = (uint32_t)rng_below(&sim->work, 1000);
    }
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

/* The last two certify. */
static bool
make_institutions(struct sim *sim, struct sim_draft *draft)
{
    static const Common__InstitutionKind kinds[CITY_INSTITUTIONS] = {1, 1, 2, 3, 3, 3, 4, 4, 5, 6, 3, 1, 7, 7};
    MAKE(sim, message, Enrollment__DesignateInstitutions, enrollment__designate_institutions__init);

    MAKE_LIST(sim, message->rows, message->n_rows, CITY_INSTITUTIONS, Enrollment__Institution,
              enrollment__institution__init);
    for (uint32_t i = 0; i < CITY_INSTITUTIONS; i++) {
        Enrollment__Institution *row = message->rows[i];

        row->uscc = sim->city.uscc[i];
        row->name = city_print(sim, "第%u职业培训学校", i);
        row->kind = kinds[i];
        row->division = city_divisions[i % CITY_DIVISIONS];
        row->insured = i % 5 != 4;
        row->designated_from_day = 18000;
        row->designated_to_day = rng_chance(&sim->work, 500) ? city_today(sim) + 20 : OPEN_END_DAY;
        row->account = city_print(sim, "62170000%08u%u", i, (unsigned)rng_below(&sim->work, 3));
        row->bank = text_of("河北银行");
        if (i < CITY_INSTITUTIONS - 2)
            continue;
        row->n_certifies = CITY_PROJECTS;
        row->certifies = city_take(sim, CITY_PROJECTS * sizeof(char *));
        for (size_t o = 0; o < CITY_PROJECTS; o++)
            row->certifies[o] = text_of(occupations[o]);
    }
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

static bool
make_projects(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__ListProjects, enrollment__list_projects__init);

    MAKE_LIST(sim, message->rows, message->n_rows, CITY_PROJECTS, Enrollment__Project, enrollment__project__init);
    for (uint32_t i = 0; i < CITY_PROJECTS; i++) {
        message->rows[i]->code = city_print(sim, "P%03u", i);
        message->rows[i]->name = city_print(sim, "项目%u", i);
        message->rows[i]->occupation = text_of(occupations[i]);
        message->rows[i]->level = i % 3 == 2 ? 0 : 5 - i % 4;
        message->rows[i]->hours = 60 + i;
        message->rows[i]->urgent = i % 2;
    }
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

/* Now and then of the very training that somebody sat in: told before it is settled, or late. */
static void
same_training(struct sim *sim, Enrollment__HistoryRow *row)
{
    const struct city_class *class =
        sim->city.classes_count > 0 ? &sim->city.classes[rng_below(&sim->work, sim->city.classes_count)] : NULL;

    if (!class || class->seats_count == 0 || rng_chance(&sim->work, 4000))
        return;
    row->id_number = sim->city.id[class->seats[rng_below(&sim->work, class->seats_count)]];
    row->item = COMMON__ITEM__FREE_TRAINING;
    row->occupation = text_of(occupations[class->project]);
}

static bool
make_history(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__ImportHistory, enrollment__import_history__init);

    MAKE_LIST(sim, message->rows, message->n_rows, 1 + rng_below(&sim->work, 4), Enrollment__HistoryRow,
              enrollment__history_row__init);
    for (size_t i = 0; i < message->n_rows; i++) {
        Enrollment__HistoryRow *row = message->rows[i];

        row->id_number = sim->city.id[rng_below(&sim->work, sim->city.people_count)];
        row->item = (Common__Item)(1 + rng_below(&sim->work, 18));
        row->day = (int32_t)rng_between(&sim->work, 17900, 18300);
        row->occupation = text_of(occupations[rng_below(&sim->work, CITY_PROJECTS)]);
        same_training(sim, row);
        row->amount_fen = row->day % 2 ? 100 * (int64_t)row->day : 0; /* known of every second line */
        row->months = row->item == COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY ? 1 + (uint32_t)rng_below(&sim->work, 5) : 0;
        row->level = (uint32_t)rng_below(&sim->work, 6);
    }
    /* Of one training, at several levels: one of them may be the certificate's. */
    for (size_t i = 1; message->rows[0]->item == COMMON__ITEM__FREE_TRAINING && i < message->n_rows; i++) {
        message->rows[i]->id_number = message->rows[0]->id_number;
        message->rows[i]->item = message->rows[0]->item;
        message->rows[i]->occupation = message->rows[0]->occupation;
        message->rows[i]->level = 1 + (message->rows[0]->level + (uint32_t)i) % 5;
        message->rows[i]->months = 0;
    }
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    return true;
}

/* ---- Classes ---- */

static void
new_class(struct sim *sim, struct city_class *class)
{
    static const uint8_t kinds[] = {5, 5, 5, 5, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11};
    bool same = sim->city.classes_count > 0 && rng_chance(&sim->work, 300);

    memset(class, 0, sizeof(*class));
    class->provider = (uint32_t)rng_below(&sim->work, CITY_INSTITUTIONS - 2);
    class->employer = rng_chance(&sim->work, 4000) ? 3 + (uint32_t)rng_below(&sim->work, 3) : CITY_INSTITUTIONS;
    class->project = (uint32_t)rng_below(&sim->work, CITY_PROJECTS);
    class->division = city_divisions[1 + rng_below(&sim->work, CITY_DIVISIONS - 1)];
    class->kind = kinds[rng_below(&sim->work, sizeof(kinds))];
    class->start_day = city_today(sim) + (int32_t)rng_between(&sim->work, -3, 3);
    class->end_day = class->start_day + (int32_t)rng_below(&sim->work, rng_chance(&sim->work, 1000) ? 60 : 12);
    snprintf(class->number, sizeof(class->number), "C-%06llu",
             (unsigned long long)(same ? rng_below(&sim->work, sim->city.classes_count) : sim->city.classes_count));
}

static bool
make_class(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__FileClass, enrollment__file_class__init);
    struct city_class *class = &sim->city.classes[sim->city.classes_count];

    if (sim->city.classes_count == CITY_CLASSES)
        return false;
    new_class(sim, class);
    draft->about[0] = sim->city.classes_count++;
    message->class_no = text_of(class->number);
    message->provider = sim->city.uscc[class->provider];
    message->project = city_print(sim, "P%03u", class->project);
    message->division = class->division;
    message->kind = (Common__ClassKind) class->kind;
    message->programme = text_of(rng_chance(&sim->work, 3000) ? "spring_tide" : "");
    message->project_based = rng_chance(&sim->work, 3000);
    message->start_day = class->start_day;
    message->end_day = class->end_day;
    message->capacity = 4 + (uint32_t)rng_below(&sim->work, 50);
    message->cost_fen = rng_between(&sim->work, 50000, 260000);
    if (class->employer < CITY_INSTITUTIONS)
        message->employer = sim->city.uscc[class->employer];
    message->advance = rng_chance(&sim->work, 2500);
    message->plan = message->safeguards = text_of("档案");
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    return true;
}

static void
class_filed(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)reply;
    class_of(sim, task)->filed = code == JN_OK;
}

static bool
may_enrol(const struct sim *sim, const struct city_class *class)
{
    (void)sim;
    return class->filed && !class->opened && !class->stopped && class->seats_count < CITY_SEATS / 2;
}

static void
fill_enrolment(struct sim *sim, struct city_class *class, Enrollment__Enrolment *row)
{
    static const Common__Group groups[] = {1, 1, 2, 2, 3, 4, 5, 6, 7, 9, 9, 10, 11, 12, 13};
    uint32_t person = (uint32_t)rng_below(&sim->work, sim->city.people_count);

    if (class->seats_count < CITY_SEATS)
        class->seats[class->seats_count++] = person;
    row->name = city_print(sim, "王小%u", person);
    row->id_number = sim->city.id[person];
    row->phone = text_of("13800000000");
    row->n_groups = rng_below(&sim->work, 3);
    row->groups = city_take(sim, 2 * sizeof(*row->groups));
    for (size_t g = 0; g < row->n_groups; g++)
        row->groups[g] = groups[rng_below(&sim->work, sizeof(groups) / sizeof(groups[0]))];
    if (row->n_groups == 2 && row->groups[0] == row->groups[1])
        row->n_groups = 1;
    row->household = (Common__Household)rng_below(&sim->work, 3);
    row->living_allowance = rng_chance(&sim->work, 2000);
    row->insured_months = (uint32_t)rng_below(&sim->work, 60);
    row->employed_months = (uint32_t)rng_below(&sim->work, 30);
    row->account = city_print(sim, "6217%012u%u", person, (unsigned)rng_below(&sim->work, 2));
}

static bool
make_enrol(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, may_enrol);
    MAKE(sim, message, Enrollment__Enrol, enrollment__enrol__init);

    if (!class)
        return false;
    draft->about[0] = index_of(sim, class);
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    message->class_no = class->number;
    MAKE_LIST(sim, message->rows, message->n_rows, 1 + rng_below(&sim->work, 12), Enrollment__Enrolment,
              enrollment__enrolment__init);
    for (size_t i = 0; i < message->n_rows; i++)
        fill_enrolment(sim, class, message->rows[i]);
    return true;
}

static bool
may_open(const struct sim *sim, const struct city_class *class)
{
    return class->filed && !class->opened && !class->stopped && class->seats_count > 0 &&
           class->start_day <= city_today(sim);
}

static bool
make_open(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, may_open);
    MAKE(sim, message, Enrollment__OpenClass, enrollment__open_class__init);

    if (!class)
        return false;
    draft->about[0] = index_of(sim, class);
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    message->class_no = class->number;
    class->opened = sim->calm; /* asked once at the end */
    return true;
}

static void
class_opened(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)reply;
    class_of(sim, task)->opened = code == JN_OK || code == JN_WRONG_STATE;
}

static bool
may_stop(const struct sim *sim, const struct city_class *class)
{
    (void)sim;
    return class->filed && !class->stopped && !class->finished;
}

static bool
make_stop(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, may_stop);
    MAKE(sim, message, Enrollment__StopClass, enrollment__stop_class__init);

    if (!class)
        return false;
    draft->about[0] = index_of(sim, class);
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    message->class_no = class->number;
    message->reason = text_of("检查不合格");
    return true;
}

static void
class_stopped(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)reply;
    if (code == JN_OK)
        class_of(sim, task)->stopped = true;
}

static bool
may_inspect(const struct sim *sim, const struct city_class *class)
{
    return class->opened && !class->stopped && class->start_day <= city_today(sim);
}

/* What runs and is unsound is stopped: seldom, so that classes finish. */
static bool
make_inspect(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, may_inspect);
    MAKE(sim, message, Enrollment__InspectClass, enrollment__inspect_class__init);
    bool unsound;

    if (!class)
        return false;
    unsound = rng_chance(&sim->work, class->finished ? 5000 : 500);
    draft->about[0] = index_of(sim, class);
    draft->about[1] = unsound && !class->finished;
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    message->class_no = class->number;
    message->day = class->start_day;
    message->outcome = unsound ? ENROLLMENT__INSPECTION__UNSOUND : ENROLLMENT__INSPECTION__SOUND;
    message->document = text_of("检查记录");
    message->findings = text_of(unsound ? "无人在场" : "");
    return true;
}

static void
class_inspected(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    if (task->about[1])
        class_stopped(sim, task, code, reply);
}

static bool
make_check(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, may_inspect);
    MAKE(sim, message, Enrollment__VerifyPeople, enrollment__verify_people__init);
    MAKE_LIST(sim, message->rows, message->n_rows, 3, Enrollment__PersonCheck, enrollment__person_check__init);

    if (!class)
        return false;
    for (size_t i = 0; i < 3; i++) {
        message->rows[i]->seat = (uint32_t)rng_below(&sim->work, class->seats_count + 2);
        message->rows[i]->account = text_of(rng_chance(&sim->work, 5000) ? "6217000130001234567" : "");
    }
    message->class_no = class->number;
    message->document = text_of("核验记录");
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    return true;
}

static bool
may_cancel(const struct sim *sim, const struct city_class *class)
{
    (void)sim;
    return class->finished && !class->stopped;
}

static bool
make_cancel(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, may_cancel);
    MAKE(sim, message, Enrollment__CancelClass, enrollment__cancel_class__init);

    if (!class)
        return false;
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    message->class_no = class->number;
    message->document = text_of("石人社取消号");
    message->reason = text_of("查实未开班");
    return true;
}

/* Of days that nobody can have attended now and then, and of seats that nobody has. */
static bool
make_correct_attendance(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, may_cancel);
    MAKE(sim, message, Enrollment__CorrectAttendance, enrollment__correct_attendance__init);

    if (!class)
        return false;
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    message->class_no = class->number;
    message->document = text_of("石人社考勤号");
    message->reason = text_of("考勤表漏报");
    MAKE_LIST(sim, message->rows, message->n_rows, 1 + rng_below(&sim->work, 4), Enrollment__CorrectedDays,
              enrollment__corrected_days__init);
    for (size_t i = 0; i < message->n_rows; i++) {
        message->rows[i]->seat = 1 + (uint32_t)rng_below(&sim->work, class->seats_count + 1);
        message->rows[i]->days = (uint32_t)rng_below(&sim->work, (uint64_t)(class->end_day - class->start_day + 3));
    }
    return true;
}

static bool
may_attend(const struct sim *sim, const struct city_class *class)
{
    return class->opened && !class->finished && !class->stopped && class->start_day <= city_today(sim);
}

static bool
make_attendance(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, may_attend);
    MAKE(sim, message, Enrollment__RecordAttendance, enrollment__record_attendance__init);
    size_t days;

    if (!class)
        return false;
    days = 1 + rng_below(&sim->work, (uint64_t)(class->end_day - class->start_day + 1));
    draft->about[0] = index_of(sim, class);
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    message->class_no = class->number;
    MAKE_LIST(sim, message->sheets, message->n_sheets, days, Enrollment__Sheet, enrollment__sheet__init);
    for (size_t i = 0; i < days; i++) {
        Enrollment__Sheet *sheet = message->sheets[i];

        sheet->day = class->start_day + (int32_t)i;
        if (class->seats_count == 0 || rng_chance(&sim->work, 6000))
            continue;
        sheet->n_absent = 1;
        sheet->absent = city_take(sim, sizeof(*sheet->absent));
        sheet->absent[0] = sim->city.id[class->seats[rng_below(&sim->work, class->seats_count)]];
    }
    return true;
}

static bool
may_finish(const struct sim *sim, const struct city_class *class)
{
    return class->opened && !class->finished && !class->stopped &&
           (class->end_day <= city_today(sim) || (!sim->calm && city_today(sim) % 9 == 0));
}

static bool
make_finish(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, may_finish);
    MAKE(sim, message, Enrollment__FinishClass, enrollment__finish_class__init);

    if (!class)
        return false;
    draft->about[0] = index_of(sim, class);
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    message->class_no = class->number;
    class->finished = sim->calm;
    return true;
}

static void
class_finished(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)reply;
    class_of(sim, task)->finished |= code == JN_OK;
}

/* ---- Attestation ---- */

static bool
make_requests(struct sim *sim, struct sim_draft *draft)
{
    static const uint32_t departments[] = {A_HUMAN_RESOURCES, A_EDUCATION,   A_VETERANS,
                                           A_DISABLED,        A_AGRICULTURE, A_CIVIL_AFFAIRS};
    MAKE(sim, message, Enrollment__RequestsRequest, enrollment__requests_request__init);

    draft->agency = departments[sim->calm ? sim->city.asked++ % 6 : rng_below(&sim->work, 6)];
    draft->message = message;
    return true;
}

static void
requests_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Enrollment__RequestsView *view = reply;
    struct city *city = &sim->city;

    for (size_t i = 0; code == JN_OK && i < view->n_rows; i++) {
        uint32_t at = 0;

        while (at < city->requests_count && city->requests[at].number != view->rows[i]->request)
            at++;
        if (at == sizeof(city->requests) / sizeof(city->requests[0]))
            return;
        if (at == city->requests_count)
            city->requests_count++;
        city->requests[at].agency = task->agency;
        city->requests[at].number = view->rows[i]->request;
        city->requests[at].answered = false;
    }
}

/* It fetches the people of a request with its own key. */
static bool
make_people(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__PeopleRequest, enrollment__people_request__init);
    const struct city *city = &sim->city;
    uint32_t at = (uint32_t)rng_below(&sim->work, city->requests_count), tried = 0;

    while (tried < city->requests_count && city->requests[at].rows_count > 0) {
        at = (at + 1) % city->requests_count;
        tried++;
    }
    if (tried == city->requests_count)
        return false;
    draft->about[0] = at;
    draft->agency = city->requests[at].agency;
    draft->message = message;
    message->request = city->requests[at].number;
    return true;
}

static void
people_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Enrollment__PeopleReply *people = reply;
    struct city_request *request = &sim->city.requests[task->about[0]];

    request->rows_count = 0;
    for (size_t i = 0; code == JN_OK && i < people->n_rows; i++) {
        for (size_t g = 0; g < people->rows[i]->n_groups && request->rows_count < CITY_ASKED; g++) {
            request->seats[request->rows_count] = people->rows[i]->seat;
            request->groups[request->rows_count++] = (uint8_t)people->rows[i]->groups[g];
        }
    }
}

/* And answers: for all of it, part by part at times, once more at times, at times for what it was not asked. */
static bool
make_attest(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__Attest, enrollment__attest__init);
    struct city *city = &sim->city;
    uint32_t at = (uint32_t)rng_below(&sim->work, city->requests_count), tried = 0, first;
    struct city_request *request;

    while (tried < city->requests_count && (city->requests[at].answered || city->requests[at].rows_count == 0)) {
        at = (at + 1) % city->requests_count;
        tried++;
    }
    if (tried == city->requests_count)
        return false;
    request = &city->requests[at];
    first = sim->calm || rng_chance(&sim->work, 7000) ? 0 : (uint32_t)rng_below(&sim->work, request->rows_count);
    request->answered = first == 0 && (sim->calm || rng_chance(&sim->work, 8000));
    draft->agency = request->agency;
    draft->message = message;
    message->request = request->number;
    MAKE_LIST(sim, message->rows, message->n_rows, request->rows_count - first, Enrollment__AttestRow,
              enrollment__attest_row__init);
    for (size_t i = 0; i < message->n_rows; i++) {
        message->rows[i]->seat = request->seats[first + i] + (!sim->calm && rng_chance(&sim->work, 200));
        message->rows[i]->group = (Common__Group)request->groups[first + i];
        message->rows[i]->answer =
            (Enrollment__Answer)(rng_chance(&sim->work, 8000) ? 1 : 2 + rng_below(&sim->work, 2));
    }
    return true;
}

/* A department says otherwise than it did, of what it was asked. */
static bool
make_withdraw(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__WithdrawAttestation, enrollment__withdraw_attestation__init);
    const struct city *city = &sim->city;
    const struct city_request *request =
        city->requests_count ? &city->requests[rng_below(&sim->work, city->requests_count)] : NULL;

    if (!request || request->rows_count == 0)
        return false;
    draft->agency = request->agency;
    draft->message = message;
    message->request = request->number;
    message->document = text_of("石退役军人核验号");
    message->reason = text_of("登记簿误读");
    MAKE_LIST(sim, message->rows, message->n_rows, 1 + rng_below(&sim->work, 3), Enrollment__AttestRow,
              enrollment__attest_row__init);
    for (size_t i = 0; i < message->n_rows; i++) {
        uint64_t at = rng_below(&sim->work, request->rows_count);

        message->rows[i]->seat = request->seats[at];
        message->rows[i]->group = (Common__Group)request->groups[at];
        message->rows[i]->answer = (Enrollment__Answer)(1 + rng_below(&sim->work, 3));
    }
    return true;
}

/* ---- Queries ---- */

static bool
filed(const struct sim *sim, const struct city_class *class)
{
    (void)sim;
    return class->filed;
}

static bool
make_class_query(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, filed);
    MAKE(sim, message, Enrollment__ClassRequest, enrollment__class_request__init);

    if (!class)
        return false;
    message->class_no = class->number;
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    return true;
}

static bool
make_progress(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__ProgressRequest, enrollment__progress_request__init);

    message->division = rng_chance(&sim->work, 5000) ? city_divisions[rng_below(&sim->work, CITY_DIVISIONS)] : 0;
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

/* Most of it for items that the packs' limits look for; now and then of who is not in the directory, or for nothing. */
static bool
make_enterprise_history(struct sim *sim, struct sim_draft *draft)
{
    static const Common__Item items[] = {COMMON__ITEM__PRE_JOB_TRAINING, COMMON__ITEM__CERTIFIED_TRAINING,
                                         COMMON__ITEM__APPRENTICESHIP_TRAINING, COMMON__ITEM__TECHNICIAN_TRAINING,
                                         COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY};
    MAKE(sim, message, Enrollment__ImportEnterpriseHistory, enrollment__import_enterprise_history__init);

    MAKE_LIST(sim, message->rows, message->n_rows, 1 + rng_below(&sim->work, 4), Enrollment__EnterpriseHistoryRow,
              enrollment__enterprise_history_row__init);
    for (size_t i = 0; i < message->n_rows; i++) {
        Enrollment__EnterpriseHistoryRow *row = message->rows[i];

        row->uscc = sim->city.uscc[rng_below(&sim->work, CITY_INSTITUTIONS)];
        row->item = items[rng_below(&sim->work, sizeof(items) / sizeof(items[0]))];
        row->day = (int32_t)rng_between(&sim->work, 17900, 18300);
        row->amount_fen = 100 * rng_between(&sim->work, 1, 3000) * (rng_chance(&sim->work, 300) ? 0 : 1);
        row->people = (uint32_t)rng_below(&sim->work, 4);
    }
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    return true;
}

static bool
make_enterprise_query(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__EnterpriseHistoryRequest, enrollment__enterprise_history_request__init);

    message->uscc = sim->city.uscc[rng_below(&sim->work, CITY_INSTITUTIONS)];
    message->after = (uint32_t)rng_below(&sim->work, 3);
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static bool
make_record(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__RecordRequest, enrollment__record_request__init);

    message->id_number = sim->city.id[rng_below(&sim->work, sim->city.people_count)];
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    return true;
}

static bool
make_totals(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Enrollment__TotalsRequest, enrollment__totals_request__init);

    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static const struct sim_generator generators[] = {
    {"SetDivisions", 2, make_divisions, NULL},
    {"DesignateInstitutions", 3, make_institutions, NULL},
    {"ListProjects", 2, make_projects, NULL},
    {"ImportHistory", 6, make_history, NULL},
    {"ImportEnterpriseHistory", 4, make_enterprise_history, NULL},
    {"FileClass", 40, make_class, class_filed},
    {"Enrol", 70, make_enrol, NULL},
    {"OpenClass", 40, make_open, class_opened},
    {"StopClass", 3, make_stop, class_stopped},
    {"RecordAttendance", 40, make_attendance, NULL},
    {"FinishClass", 40, make_finish, class_finished},
    {"CancelClass", 1, make_cancel, NULL},
    {"CorrectAttendance", 3, make_correct_attendance, NULL},
    {"WithdrawAttestation", 4, make_withdraw, NULL},
    {"InspectClass", 8, make_inspect, class_inspected},
    {"VerifyPeople", 8, make_check, NULL},
    {"Requests", 40, make_requests, requests_heard},
    {"Attest", 50, make_attest, NULL},
    {"People", 60, make_people, people_heard},
    {"Class", 6, make_class_query, NULL},
    {"Record", 4, make_record, NULL},
    {"EnterpriseHistory", 2, make_enterprise_query, NULL},
    {"Totals", 4, make_totals, NULL},
    {"Progress", 2, make_progress, NULL},
    {"Advance", 0, city_advance, NULL},
};
const struct sim_part sim_enrollment = {&enrollment_service, generators, sizeof(generators) / sizeof(generators[0])};
