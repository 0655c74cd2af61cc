/* A receipt is made: the service puts what a claim was decided by into its log, as an event of its own, and proves that
 * it is there. */
#include "cli/receipt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "jineng/v1/runtime.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"

struct making {
    struct jn_client *subsidy;
    struct jn_arena arena;
    uint64_t receipt, block; /* the block that its command was answered in, or a later one */
    uint32_t index;
    Proof__Receipt file;
};

static int
issue(struct making *making, const struct claim_name *name)
{
    Subsidy__IssueReceipt request = SUBSIDY__ISSUE_RECEIPT__INIT;
    struct jn_answer answer;
    int code;

    request.claim = name->claim;
    request.class_no = name->class_no;
    request.seat = name->seat;
    request.item = (Common__Item)name->item;
    code = suite_ask(making->subsidy, "IssueReceipt", &request, &answer);
    if (code != CLI_OK)
        return code;
    making->receipt = ((const Subsidy__ReceiptReply *)answer.reply)->receipt;
    making->block = answer.block;
    return CLI_OK;
}

static int
take_pack(struct making *making, const struct claim_name *name)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const Subsidy__ExplainView *view;
    struct jn_answer answer;
    int code;

    request.claim = name->claim;
    request.class_no = name->class_no;
    request.seat = name->seat;
    request.item = (Common__Item)name->item;
    request.with_pack = true;
    code = suite_ask(making->subsidy, "Explain", &request, &answer);
    if (code != CLI_OK)
        return code;
    view = answer.reply;
    making->file.pack.len = view->pack_bytes.len;
    making->file.pack.data = jn_arena_take(&making->arena, view->pack_bytes.len + 1);
    if (view->pack_bytes.len)
        memcpy(making->file.pack.data, view->pack_bytes.data, view->pack_bytes.len);
    return CLI_OK;
}

/* Is it that receipt's event? */
static bool
is_it(struct making *making, const ProtobufCBinaryData *bytes)
{
    const Envelope__Record *record = envelope__record__unpack(&making->arena.allocator, bytes->len, bytes->data);
    const Subsidy__Event *event =
        record ? subsidy__event__unpack(&making->arena.allocator, record->event.len, record->event.data) : NULL;

    return event && event->body_case == SUBSIDY__EVENT__BODY_RECEIPTED && event->receipted->receipt == making->receipt;
}

/* The block of the answer is the one it lies in, or one that came behind it. */
static int
find_event(struct making *making)
{
    Runtime__FeedRequest request = RUNTIME__FEED_REQUEST__INIT;
    uint32_t type = SUBSIDY__EVENT__BODY_RECEIPTED;
    uint64_t from = making->block > 8 ? making->block - 8 : 0;
    struct jn_answer answer;
    int code;

    request.after = from;
    request.types = &type;
    request.n_types = 1;
    code = suite_ask(making->subsidy, "Feed", &request, &answer);
    if (code != CLI_OK)
        return code;
    for (size_t i = 0; i < ((const Runtime__FeedBatch *)answer.reply)->n_blocks; i++) {
        const Runtime__FeedBlock *block = ((const Runtime__FeedBatch *)answer.reply)->blocks[i];

        for (size_t at = 0; at < block->n_events; at++)
            if (is_it(making, &block->events[at]->record)) {
                making->block = from + i + 1;
                making->index = block->events[at]->index;
                return CLI_OK;
            }
    }
    suite_say("receipt %" PRIu64 " is not among the events that this key may read: issue it with the operator's",
              making->receipt);
    return CLI_REFUSED;
}

/* What the service answered stays good until the next question: it is read back from a copy. */
static const void *
kept(struct making *making, enum jn_evidence kind, const void *message)
{
    struct jn_slice file = jn_evidence_write(kind, message, &making->arena);

    return jn_evidence_read(kind, file.bytes, file.length, &making->arena);
}

static int
take_evidence(struct making *making)
{
    const Runtime__HeadRequest head_request = RUNTIME__HEAD_REQUEST__INIT;
    Runtime__ProveRequest request = RUNTIME__PROVE_REQUEST__INIT;
    const Proof__Head *head = NULL;
    struct jn_answer answer;
    int code = suite_ask(making->subsidy, "Head", &head_request, &answer);

    if (code != CLI_OK)
        return code;
    making->file.head = (Proof__SignedHead *)(uintptr_t)kept(making, JN_EVIDENCE_HEAD, answer.reply);
    if (making->file.head)
        head = jn_head_read(making->file.head, &making->arena);
    if (!head) {
        suite_say("what the service answered is no head");
        return CLI_REFUSED;
    }
    request.block = making->block;
    request.index = making->index;
    request.head = head->block;
    code = suite_ask(making->subsidy, "Prove", &request, &answer);
    if (code == CLI_OK)
        making->file.proof = (Proof__Proof *)(uintptr_t)kept(making, JN_EVIDENCE_PROOF, answer.reply);
    return code == CLI_OK && !making->file.proof ? CLI_REFUSED : code;
}

int
receipt_make(struct suite *suite, const char *as, const struct claim_name *name, const char *path)
{
    struct making making = {.file = PROOF__RECEIPT__INIT};
    int code = suite_client(suite, "subsidy", as, 1, &making.subsidy);

    jn_arena_open(&making.arena, EVIDENCE_ARENA);
    if (code == CLI_OK)
        code = issue(&making, name);
    if (code == CLI_OK)
        code = take_pack(&making, name);
    if (code == CLI_OK)
        code = find_event(&making);
    if (code == CLI_OK)
        code = take_evidence(&making);
    if (code == CLI_OK && !evidence_save(JN_EVIDENCE_RECEIPT, &making.file, path, &making.arena))
        code = CLI_CONFIGURATION;
    jn_arena_close(&making.arena);
    if (code == CLI_OK)
        printf("%s: receipt %" PRIu64 "; check it offline  凭据，离线核验: jineng proof check %s --key subsidy.pub\n",
               path, making.receipt, path);
    return code;
}
