/* Attestations (认定), as far as explanations go: which department confirmed or denied a group, and when; 2.12-d. What
 * counts for the calculation comes with the roster. */
#include "subsidy/nouns.h"
#include "subsidy/explanation/past.h"

enum jn_code
react_attested(struct jn_decision *d, const Enrollment__Attested *event, const struct jn_source *source)
{
    Subsidy__AttestationNoted noted = SUBSIDY__ATTESTATION_NOTED__INIT;
    uint32_t *lists[3];

    if (!class_find(d->view, event->class_) || event->n_rows == 0)
        return JN_OK;
    for (size_t i = 0; i < 3; i++)
        lists[i] = jn_take(d->view, event->n_rows * sizeof(*lists[i]));
    for (size_t i = 0; i < event->n_rows; i++) {
        lists[0][i] = event->rows[i]->seat;
        lists[1][i] = event->rows[i]->group;
        lists[2][i] = event->rows[i]->answer;
    }
    noted.class_ = event->class_;
    noted.department = event->department;
    noted.day = date_of_ms(source->time_ms);
    noted.seats = lists[0];
    noted.groups = lists[1];
    noted.answers = lists[2];
    noted.n_seats = noted.n_groups = noted.n_answers = event->n_rows;
    return jn_emit(d, EVENT_ATTESTATION_NOTED, &noted);
}

void
apply_attestation_noted(struct jn_tables *t, const Subsidy__AttestationNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);

    (void)stamp;
    jn_put(t, TABLE_ATTESTATION, JN_KEY(event->class_, progress.attestations++), event);
    progress_keep(t, event->class_, &progress);
}

struct search {
    uint32_t seat;
    struct attested *by_group;
};

/* One that holds is not undone by another department's "not in our register"; the last answer of a kind counts. */
static bool
look_at_answers(void *context, const struct jn_key *key, const void *row)
{
    struct search *search = context;
    const Subsidy__AttestationNoted *noted = row;

    (void)key;
    for (size_t i = 0; i < noted->n_seats && i < noted->n_groups && i < noted->n_answers; i++) {
        bool holds = noted->answers[i] == ENROLLMENT__ANSWER__HOLDS;
        struct attested *group = noted->groups[i] <= COMMON__GROUP__FARMER ? &search->by_group[noted->groups[i]] : NULL;

        if (!group || noted->seats[i] != search->seat || (group->day && !group->denied && !holds))
            continue;
        *group = (struct attested){.department = (int)noted->department, .day = noted->day, .denied = !holds};
    }
    return true;
}

/* What was answered otherwise, through that day. */
static void
take_corrections(const Subsidy__Correction *part, int32_t through_day, struct attested by_group[GROUPS_COUNT])
{
    for (size_t i = 0; part && i < part->n_answers; i++) {
        const Subsidy__CorrectedAnswer *answer = part->answers[i];

        if (answer->group < GROUPS_COUNT && answer->day <= through_day)
            by_group[answer->group] = (struct attested){.department = (int)answer->department,
                                                        .day = answer->day,
                                                        .denied = answer->answer != ENROLLMENT__ANSWER__HOLDS};
    }
}

void
attestations_of(const struct jn_view *view, uint64_t class, uint32_t seat, int32_t reassessed_day,
                struct attested by_group[GROUPS_COUNT])
{
    struct search search = {.seat = seat, .by_group = by_group};
    const Subsidy__CorrectionRow *row = correction_of(view, class, seat);

    for (size_t i = 0; i < GROUPS_COUNT; i++)
        by_group[i] = (struct attested){0, 0, false};
    jn_scan(view, TABLE_ATTESTATION, JN_KEY(class, 0), sizeof(uint64_t), ANSWERS_MAX, look_at_answers, &search);
    take_corrections(row ? row->before : NULL, INT32_MAX, by_group);
    if (reassessed_day)
        take_corrections(row ? row->after : NULL, reassessed_day, by_group);
}
