/* Error classes (差错类别): each has a name, a sentence and a next step, in both languages. */
#include "bank/parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/money.h"

const struct bank_class_words bank_classes[BANK_CLASSES] = {
    [BANK_CLASS_NONE] = {"none", "", "", "", ""},
    [BANK_UNPAYABLE] = {"unpayable", "no bank could pay this row", "该行无法由银行支付",
                        "have the payee's owner register name and account (enrollment), or record the row as failed "
                        "with ledger.RecordBankResults; then make the file",
                        "请由收款人所属单位登记户名与账号，或以 ledger.RecordBankResults 记为失败，再生成文件"},
    [BANK_NOT_IN_GBK] = {"not-in-gbk", "GBK does not have this character", "GBK 中没有该字符",
                         "make the file with --encoding utf-8, or have the name registered as the bank writes it",
                         "请改用 --encoding utf-8，或按银行系统中的写法登记户名"},
    [BANK_MALFORMED] = {"malformed", "the file cannot be read", "文件无法解析",
                        "nothing was recorded: fetch the file from the bank again; where it is the same, send it to "
                        "the bank's support",
                        "未作任何记录：请从银行重新下载；仍如此时请联系银行技术支持"},
    [BANK_WRONG_ENCODING] = {"wrong-encoding", "the file is neither UTF-8 nor GBK, or not what it says",
                             "文件编码既非 UTF-8 也非 GBK，或与声明不符",
                             "nothing was recorded: fetch the file again, unopened by other programs; name its "
                             "encoding with --encoding",
                             "未作任何记录：请重新下载且勿用其他程序打开保存，并以 --encoding 指明编码"},
    [BANK_WRONG_TOTAL] = {"wrong-total", "a count or a sum is not that of the rows", "笔数或金额合计不符",
                          "nothing of it was recorded: ask the bank for a complete file, and compare with the batch",
                          "未作记录：请向银行索取完整文件，并与支付批次核对"},
    [BANK_WRONG_CURRENCY] = {"wrong-currency", "the currency is not CNY", "币种不是人民币",
                             "ask the bank what it has booked; the batch was ordered in CNY",
                             "请向银行查询实际记账情况；批次以人民币支付"},
    [BANK_WRONG_BATCH] = {"wrong-batch", "it belongs to another batch, or to none of this ledger",
                          "属于其他批次，或本账无此批次",
                          "see whether the file was meant for another installation; read the file of the right batch",
                          "请确认文件是否属于其他系统；请读入对应批次的文件"},
    [BANK_UNKNOWN_ROW] = {"unknown-row", "the batch has no such row", "批次中没有该行",
                          "ask the bank who ordered this payment; stop the account's payments where nobody here did",
                          "请向银行查明该笔由谁发起；若非本单位发起，应立即停止该账户付款"},
    [BANK_AMOUNT_DIFFERS] = {"amount-differs", "the amount is not the one that was ordered", "金额与指令不符",
                             "nothing was recorded for the row: have the bank correct its booking, then read its next "
                             "file",
                             "该行未记录：请银行更正记账后，再读入其后的文件"},
    [BANK_DOUBLE_DEBIT] = {"double-debit", "the same payment was booked more than once", "同一笔重复扣款",
                           "it counts as paid once: claim the rest back from the bank, with both booking references. "
                           "Where a statement gives them it stands under ledger.Disagreements until somebody settles "
                           "it with a document",
                           "按一次支付记录：请凭两笔记账流水向银行追回重复款项。对账单载有流水号的列入 "
                           "ledger.Disagreements，请凭文号处理"},
    [BANK_RETURNED] =
        {"returned", "the money was paid and came back", "款项付出后被退回",
         "where it was still open it is recorded as failed: have the account corrected, then resend; "
         "where it was recorded as paid it stands under ledger.Disagreements until somebody settles it with a "
         "document",
         "未回单的已记为失败：更正账号后重新支付；此前已记为支付的列入 ledger.Disagreements，请凭文号处理"},
    [BANK_CONTRADICTS] =
        {"contradicts", "it says something else than was recorded, or two things at once",
         "与已记录的结果不符，或前后矛盾",
         "no money was moved: ask the bank which is true. Where it contradicts the books it stands under "
         "ledger.Disagreements until somebody settles it with a document; nothing of it is sent meanwhile",
         "未动资金：请向银行查明哪一个属实。与账不符的列入 ledger.Disagreements，凭文号处理前不再支付"},
    [BANK_UNCLEAR] = {"unclear", "the bank's word for the result is not known", "银行返回的结果无法识别",
                      "the row stays open: ask the bank what it means; read its next file",
                      "该行保持未决：请向银行确认其含义，并读入其后的文件"},
};

void *
bank_room(struct jn_arena *arena, void *list, size_t count, size_t *room, size_t size)
{
    void *larger;

    if (count < *room)
        return list;
    *room = *room ? 2 * *room : 16;
    larger = jn_arena_take(arena, *room * size);
    if (count)
        memcpy(larger, list, count * size);
    return larger;
}

struct bank_fault *
bank_fault_add(struct jn_arena *arena, struct bank_faults *faults, enum bank_class class)
{
    struct bank_fault *fault;

    if (faults->count < BANK_FAULTS_MAX) {
        faults->list = bank_room(arena, faults->list, faults->count, &faults->room, sizeof(*faults->list));
        faults->count++;
    }
    fault = &faults->list[faults->count - 1];
    *fault = (struct bank_fault){.class = class, .what = ""};
    return fault;
}

bool
bank_malformed(struct bank_fault *fault, size_t line, const char *what)
{
    *fault = (struct bank_fault){.class = BANK_MALFORMED, .line = line, .what = what};
    return false;
}

void
bank_fault_show(char out[48], const char *text)
{
    size_t i = 0;

    for (; text[i] && i < 47; i++) {
        char c = text[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr(".+-_:/ ", c);

        out[i] = plain ? c : '?';
    }
    out[i] = '\0';
}

void
bank_fault_amounts(struct bank_fault *fault, int64_t found_fen, int64_t expected_fen)
{
    char text[MONEY_TEXT];

    snprintf(fault->found, sizeof(fault->found), "%s", money_format(found_fen, text));
    snprintf(fault->expected, sizeof(fault->expected), "%s", money_format(expected_fen, text));
}

void
bank_fault_counts(struct bank_fault *fault, uint64_t found, uint64_t expected)
{
    snprintf(fault->found, sizeof(fault->found), "%" PRIu64, found);
    snprintf(fault->expected, sizeof(fault->expected), "%" PRIu64, expected);
}
