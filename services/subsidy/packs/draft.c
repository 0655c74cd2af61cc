/* Drafts of policy packs (政策包草案): how a pack comes into force. One key of administration proposes it; what came of
 * its cases is recorded; another key approves it, and it is adopted, in force from its own first day on.
 *
 *   proposed -> cases recorded -> approved      red cases, or none, approve nothing
 *   proposed -> proposed anew                   under the same id: a draft of its own, nothing of the old one holds
 *   proposed -> withdrawn
 *
 * A draft decides nothing and nobody reads it. Every command names it by number, not by its pack's id: what is approved
 * is what was looked at, even where somebody has proposed another version meanwhile. */
#include <string.h>

#include "subsidy/packs/draft.h"
#include "subsidy/nouns.h"

#define DRAFTS_MAX   16
#define TEXT_MAX     200
#define DIGEST_BYTES 32
#define CASES_MAX    1000000

/* ---- Tables ---- */

uint64_t
draft_of_id(const struct jn_view *view, const char *id)
{
    const Subsidy__NumberRow *row = jn_get(view, TABLE_DRAFT_ID, id_key(id));

    return row ? row->number : 0;
}

/* What lies outside the caller's scope is not there. */
static enum jn_code
draft_of_caller(struct jn_decision *d, uint64_t number, const Subsidy__DraftRow **draft)
{
    *draft = jn_get(d->view, TABLE_DRAFT, JN_KEY(number));
    if (*draft && jn_in_scope_division(d->who, (*draft)->proposed->pack->division))
        return JN_OK;
    return jn_refuse(d, JN_NOT_FOUND,
                     "there is no draft %llu: it was approved, withdrawn, replaced by a new version, or never was",
                     (unsigned long long)number);
}

static ProtobufCBinaryData
key_of(const struct jn_decision *d)
{
    return (ProtobufCBinaryData){JN_KEY_BYTES, (uint8_t *)(uintptr_t)d->who->key};
}

static void
tell(struct jn_decision *d, uint64_t draft)
{
    Subsidy__Done *reply = jn_take(d->view, sizeof(*reply));

    *reply = (Subsidy__Done)SUBSIDY__DONE__INIT;
    reply->number = draft;
    jn_reply(d, &reply->base);
}

/* ---- Decisions ---- */

enum jn_code
decide_propose_pack(struct jn_decision *d, const Subsidy__ProposePack *command)
{
    Subsidy__PackProposed event = SUBSIDY__PACK_PROPOSED__INIT;
    enum jn_code code = pack_adoptable(d, command->pack);

    if (code != JN_OK)
        return code;
    if (!text_given(command->document, TEXT_MAX))
        return jn_refuse(d, JN_MALFORMED, "name the document (文号) that orders it, in 1 to %d bytes", TEXT_MAX);
    event.replaces = draft_of_id(d->view, command->pack->id);
    if (!event.replaces && jn_counter(d->view, COUNTER_DRAFTS_OPEN) >= DRAFTS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "%d drafts wait already: approve or withdraw one", DRAFTS_MAX);

    /* Decided. */
    event.draft = jn_counter(d->view, COUNTER_DRAFT) + 1;
    event.pack = command->pack;
    event.document = command->document;
    event.by = (char *)(uintptr_t)d->who->name;
    event.key = key_of(d);
    event.day = d->today;
    jn_emit(d, EVENT_PACK_PROPOSED, &event);
    tell(d, event.draft);
    return JN_OK;
}

enum jn_code
decide_record_cases(struct jn_decision *d, const Subsidy__RecordCases *command)
{
    Subsidy__CasesRecorded event = SUBSIDY__CASES_RECORDED__INIT;
    Subsidy__Cases cases;
    const Subsidy__DraftRow *draft;
    enum jn_code code = draft_of_caller(d, command->draft, &draft);

    if (code != JN_OK)
        return code;
    if (!command->cases || command->cases->digest.len != DIGEST_BYTES)
        return jn_refuse(d, JN_MALFORMED, "give what came of the cases, with the SM3 of their files, %d bytes",
                         DIGEST_BYTES);
    if (command->cases->passed > CASES_MAX || command->cases->failed > CASES_MAX)
        return jn_refuse(d, JN_MALFORMED, "more than %d cases are not counted", CASES_MAX);

    /* Decided. */
    cases = *command->cases;
    cases.by = (char *)(uintptr_t)d->who->name;
    cases.day = d->today;
    event.draft = command->draft;
    event.cases = &cases;
    jn_emit(d, EVENT_CASES_RECORDED, &event);
    tell(d, command->draft);
    return JN_OK;
}

/* A key that an agency has twice, an agency that has two keys: neither makes two people of one. */
static bool
proposed_by(const Subsidy__PackProposed *proposed, const struct jn_agency *who)
{
    return strcmp(proposed->by, who->name) == 0 ||
           (proposed->key.len == JN_KEY_BYTES && memcmp(proposed->key.data, who->key, JN_KEY_BYTES) == 0);
}

static enum jn_code
approvable(struct jn_decision *d, uint64_t number, const Subsidy__DraftRow *draft)
{
    const Subsidy__Cases *cases = draft->cases;

    if (proposed_by(draft->proposed, d->who))
        return jn_refuse(d, JN_REFUSED,
                         "who proposed draft %llu may not approve it: another key of administration must",
                         (unsigned long long)number);
    if (!cases || cases->passed == 0)
        return jn_refuse(d, JN_WRONG_STATE, "no case of draft %llu has passed: run them (jineng policy cases)",
                         (unsigned long long)number);
    if (cases->failed > 0)
        return jn_refuse(d, JN_WRONG_STATE,
                         "%u cases of draft %llu failed: propose a version that passes, or mend the cases",
                         cases->failed, (unsigned long long)number);
    return JN_OK;
}

/* The pack is looked at once more: it may have been proposed to an older version of this program. */
enum jn_code
decide_approve_pack(struct jn_decision *d, const Subsidy__ApprovePack *command)
{
    Subsidy__PackApproved event = SUBSIDY__PACK_APPROVED__INIT;
    const Subsidy__DraftRow *draft;
    enum jn_code code = draft_of_caller(d, command->draft, &draft);

    if (code != JN_OK)
        return code;
    if (!text_given(command->document, TEXT_MAX))
        return jn_refuse(d, JN_MALFORMED, "name the document (文号) of the approval, in 1 to %d bytes", TEXT_MAX);
    code = approvable(d, command->draft, draft);
    if (code == JN_OK)
        code = pack_adoptable(d, draft->proposed->pack);
    if (code != JN_OK)
        return code;

    /* Decided. */
    pack_adopt(d, draft->proposed->pack);
    event.draft = command->draft;
    event.id = draft->proposed->pack->id;
    event.document = command->document;
    event.by = (char *)(uintptr_t)d->who->name;
    event.key = key_of(d);
    event.day = d->today;
    return jn_emit(d, EVENT_PACK_APPROVED, &event);
}

enum jn_code
decide_withdraw_pack(struct jn_decision *d, const Subsidy__WithdrawPack *command)
{
    Subsidy__PackWithdrawn event = SUBSIDY__PACK_WITHDRAWN__INIT;
    const Subsidy__DraftRow *draft;
    enum jn_code code = draft_of_caller(d, command->draft, &draft);

    if (code != JN_OK)
        return code;
    if (!text_given(command->reason, TEXT_MAX))
        return jn_refuse(d, JN_MALFORMED, "say why, in 1 to %d bytes", TEXT_MAX);

    /* Decided. */
    event.draft = command->draft;
    event.id = draft->proposed->pack->id;
    event.reason = command->reason;
    event.by = (char *)(uintptr_t)d->who->name;
    event.day = d->today;
    jn_emit(d, EVENT_PACK_WITHDRAWN, &event);
    tell(d, command->draft);
    return JN_OK;
}

/* ---- What then happens ---- */

static void
draft_end(struct jn_tables *t, uint64_t number, const char *id)
{
    jn_delete(t, TABLE_DRAFT, JN_KEY(number));
    jn_delete(t, TABLE_DRAFT_ID, id_key(id));
    jn_counter_set(t, COUNTER_DRAFTS_OPEN, jn_counter(jn_view_of(t), COUNTER_DRAFTS_OPEN) - 1);
}

void
apply_pack_proposed(struct jn_tables *t, const Subsidy__PackProposed *event, const struct jn_stamp *stamp)
{
    Subsidy__DraftRow draft = SUBSIDY__DRAFT_ROW__INIT;
    Subsidy__NumberRow row = SUBSIDY__NUMBER_ROW__INIT;

    (void)stamp;
    if (event->replaces)
        draft_end(t, event->replaces, event->pack->id);
    draft.proposed = (Subsidy__PackProposed *)(uintptr_t)event;
    row.number = event->draft;
    jn_put(t, TABLE_DRAFT, JN_KEY(event->draft), &draft);
    jn_put(t, TABLE_DRAFT_ID, id_key(event->pack->id), &row);
    jn_counter_set(t, COUNTER_DRAFT, event->draft);
    jn_counter_set(t, COUNTER_DRAFTS_OPEN, jn_counter(jn_view_of(t), COUNTER_DRAFTS_OPEN) + 1);
}

void
apply_cases_recorded(struct jn_tables *t, const Subsidy__CasesRecorded *event, const struct jn_stamp *stamp)
{
    const Subsidy__DraftRow *old = jn_get(jn_view_of(t), TABLE_DRAFT, JN_KEY(event->draft));
    Subsidy__DraftRow draft;

    (void)stamp;
    if (!old)
        return; /* the tables have gone quiet */
    draft = *old;
    draft.cases = event->cases;
    jn_put(t, TABLE_DRAFT, JN_KEY(event->draft), &draft);
}

void
apply_pack_approved(struct jn_tables *t, const Subsidy__PackApproved *event, const struct jn_stamp *stamp)
{
    const Subsidy__DraftRow *draft = jn_get(jn_view_of(t), TABLE_DRAFT, JN_KEY(event->draft));
    Subsidy__Approval approval = SUBSIDY__APPROVAL__INIT;

    (void)stamp;
    if (!draft)
        return; /* the tables have gone quiet */
    approval.draft = event->draft;
    approval.proposed_by = draft->proposed->by;
    approval.proposed_day = draft->proposed->day;
    approval.proposed_document = draft->proposed->document;
    approval.cases = draft->cases;
    approval.approved_by = event->by;
    approval.approved_day = event->day;
    approval.approved_document = event->document;
    pack_approval_keep(t, event->id, &approval);
    draft_end(t, event->draft, event->id);
}

void
apply_pack_withdrawn(struct jn_tables *t, const Subsidy__PackWithdrawn *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    draft_end(t, event->draft, event->id);
}

/* ---- What is told ---- */

static Subsidy__DraftHead *
head_of(const struct jn_decision *d, const Subsidy__DraftRow *draft)
{
    const Subsidy__PackProposed *proposed = draft->proposed;
    Subsidy__DraftHead *head = jn_take(d->view, sizeof(*head));

    *head = (Subsidy__DraftHead)SUBSIDY__DRAFT_HEAD__INIT;
    head->draft = proposed->draft;
    head->id = proposed->pack->id;
    head->title = proposed->pack->title;
    head->title_zh = proposed->pack->title_zh;
    head->from_day = proposed->pack->from_day;
    head->until_day = proposed->pack->until_day;
    head->division = proposed->pack->division;
    head->document = proposed->document;
    head->by = proposed->by;
    head->day = proposed->day;
    head->cases = draft->cases;
    return head;
}

struct drafts_page {
    struct jn_decision *d;
    Subsidy__DraftsView view;
};

static bool
list_draft(void *context, const struct jn_key *key, const void *row)
{
    struct drafts_page *page = context;
    const Subsidy__DraftRow *draft = row;

    (void)key;
    if (jn_in_scope_division(page->d->who, draft->proposed->pack->division))
        page->view.rows[page->view.n_rows++] = head_of(page->d, draft);
    return true;
}

enum jn_code
answer_drafts(struct jn_decision *d, const Subsidy__DraftsRequest *query)
{
    struct drafts_page page = {.d = d, .view = SUBSIDY__DRAFTS_VIEW__INIT};

    (void)query;
    page.view.rows = jn_take(d->view, DRAFTS_MAX * sizeof(*page.view.rows));
    jn_scan(d->view, TABLE_DRAFT, JN_KEY(0), 0, DRAFTS_MAX, list_draft, &page);
    jn_reply(d, &page.view.base);
    return JN_OK;
}

enum jn_code
answer_draft(struct jn_decision *d, const Subsidy__DraftRequest *query)
{
    Subsidy__DraftView view = SUBSIDY__DRAFT_VIEW__INIT;
    const Subsidy__DraftRow *draft;
    enum jn_code code = draft_of_caller(d, query->draft, &draft);

    if (code != JN_OK)
        return code;
    view.head = head_of(d, draft);
    view.pack = draft->proposed->pack;
    jn_reply(d, &view.base);
    return JN_OK;
}

/* ---- What must always hold ---- */

struct drafts_seen {
    struct jn_audit *audit;
    uint64_t drafts, ids;
};

static bool
check_draft(void *context, const struct jn_key *key, const void *row)
{
    struct drafts_seen *seen = context;
    const Subsidy__PackProposed *proposed = ((const Subsidy__DraftRow *)row)->proposed;
    unsigned long long number = jn_key_number(key, 0);

    seen->drafts++;
    if (proposed->draft != number || number > jn_counter(seen->audit->view, COUNTER_DRAFT))
        jn_finding(seen->audit, "draft %llu is another's", number);
    if (draft_of_id(seen->audit->view, proposed->pack->id) != number)
        jn_finding(seen->audit, "draft %llu is not found by its pack's id", number);
    if (jn_has(seen->audit->view, TABLE_PACK_NUMBER, id_key(proposed->pack->id)))
        jn_finding(seen->audit, "draft %llu waits under the id of a pack that was adopted", number);
    return true;
}

static bool
count_id(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    (void)row;
    ((struct drafts_seen *)context)->ids++;
    return true;
}

static bool
check_approval(void *context, const struct jn_key *key, const void *row)
{
    struct drafts_seen *seen = context;
    const Subsidy__PackHead *head = row;
    const Subsidy__Approval *approval = head->approval;

    (void)key;
    if (!approval)
        return true;
    if (!*approval->proposed_by || !*approval->approved_by || !strcmp(approval->proposed_by, approval->approved_by))
        jn_finding(seen->audit, "pack %s was adopted by one hand", head->id);
    if (!approval->cases || approval->cases->passed == 0 || approval->cases->failed > 0)
        jn_finding(seen->audit, "pack %s was adopted and its cases were not green", head->id);
    return true;
}

void
draft_audit(struct jn_audit *audit)
{
    struct drafts_seen seen = {.audit = audit};

    jn_scan(audit->view, TABLE_DRAFT, JN_KEY(0), 0, SIZE_MAX, check_draft, &seen);
    jn_scan(audit->view, TABLE_DRAFT_ID, JN_KEY(0), 0, SIZE_MAX, count_id, &seen);
    jn_scan(audit->view, TABLE_PACK_HEAD, JN_KEY(0), 0, SIZE_MAX, check_approval, &seen);
    if (seen.drafts != jn_counter(audit->view, COUNTER_DRAFTS_OPEN) || seen.ids != seen.drafts)
        jn_finding(audit, "%llu drafts wait, %llu are counted, %llu ids are taken", (unsigned long long)seen.drafts,
                   (unsigned long long)jn_counter(audit->view, COUNTER_DRAFTS_OPEN), (unsigned long long)seen.ids);
}
