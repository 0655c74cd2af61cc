/* Why the bank did not pay (退回原因): its codes in sentences, what the ledger may keep of its words, its statuses. */
#include "bank/bank.h"

#include <stdio.h>
#include <string.h>

/* Of ISO 20022's external lists of status and return reasons; BE04 and BE06 in our words: what does not fit is the
 * payee. */
const struct bank_reason bank_reasons[] = {
    {"AC01", "the account number is wrong", "收款账号错误"},
    {"AC04", "the account is closed", "收款账户已销户"},
    {"BE04", "name or particulars of the payee are missing or do not fit", "收款人信息缺失或不符"},
    {"AM04", "the paying account has not enough money", "付款账户余额不足"},
    {"AC02", "the paying account number is wrong", "付款账号错误"},
    {"AC03", "the payee's account number is invalid", "收款账号无效"},
    {"AC05", "the paying account is closed", "付款账户已销户"},
    {"AC06", "the account is blocked", "收款账户已冻结"},
    {"AC07", "the payee's account is closed", "收款账户已销户"},
    {"AC14", "the account is of a kind that cannot be paid into", "收款账户类型不符"},
    {"AG01", "the account may not take such payments", "该账户不允许此类交易"},
    {"AG02", "the bank does not do this operation", "银行不支持此业务"},
    {"AM01", "the amount is zero", "金额为零"},
    {"AM02", "the amount is not allowed", "金额超出限制"},
    {"AM03", "the currency is not allowed", "币种不允许"},
    {"AM05", "the bank holds it for a duplicate", "银行认为重复"},
    {"AM09", "the amount is not the one agreed", "金额不符"},
    {"AM10", "the sum is not that of the rows", "合计金额不符"},
    {"AM18", "the count is not that of the rows", "笔数不符"},
    {"BE01", "the account is not the payee's: name and number do not match", "户名与账号不符"},
    {"BE05", "the sender is not known", "发起方不被识别"},
    {"BE06", "the payee is not known at this bank", "收款银行无此客户"},
    {"CUST", "the sender asked for it back", "应付款方要求撤回"},
    {"DT01", "the date is not possible", "日期无效"},
    {"DUPL", "the bank holds it for a duplicate", "银行认为重复"},
    {"ED05", "settlement failed", "清算失败"},
    {"FF01", "the file's form is not accepted", "文件格式不被接受"},
    {"FOCR", "taken back at the sender's request", "应撤销请求退回"},
    {"MD07", "the payee has died", "收款人已故"},
    {"MS02", "the payee did not accept it", "收款人拒收"},
    {"MS03", "the bank gives no reason", "银行未说明原因"},
    {"NARR", "see the bank's words", "见银行附言"},
    {"NOAS", "the payee did not answer", "收款人未答复"},
    {"RC01", "the bank's line number is wrong", "行号错误"},
    {"RC04", "the payee's bank is not known", "收款行无效"},
    {"RR04", "a regulation forbids it", "监管原因"},
    {"TM01", "it came after the bank's hours", "超过受理时间"},
};
const size_t bank_reasons_count = sizeof(bank_reasons) / sizeof(bank_reasons[0]);

const struct bank_reason *
bank_reason_find(const char *code)
{
    for (size_t i = 0; i < bank_reasons_count; i++)
        if (!strcmp(bank_reasons[i].code, code))
            return &bank_reasons[i];
    return NULL;
}

/* ---- What may be kept ---- */

#define LONG_NUMBER 7

static void
strike(char *text, const char *secret)
{
    size_t length = strlen(secret);
    char *at = text;

    while (length > 0 && (at = strstr(at, secret)) != NULL) {
        size_t stars = length < 3 ? length : 3;

        memset(at, '*', stars);
        memmove(at + stars, at + length, strlen(at + length) + 1);
        at += stars;
    }
}

/* An account, an id number, a phone: seven digits and more, blanks and hyphens among them or not. */
static void
strike_numbers(char *text)
{
    for (char *at = text; *at; at++) {
        size_t length = strspn(at, "0123456789 -"), digits = 0;

        if (*at < '0' || *at > '9')
            continue;
        for (size_t i = 0; i < length; i++)
            digits += at[i] >= '0' && at[i] <= '9';
        if (digits >= LONG_NUMBER) {
            memset(at, '*', 3);
            memmove(at + 3, at + length, strlen(at + length) + 1);
            at += 2;
        } else {
            at += length - 1;
        }
    }
}

/* Full-width digits (０ to ９) are digits. */
static void
narrow(char *text)
{
    char *to = text;

    for (const char *from = text; *from; to++) {
        bool wide = !strncmp(from, "\xEF\xBC", 2) && (unsigned char)from[2] >= 0x90 && (unsigned char)from[2] <= 0x99;

        *to = wide ? (char)('0' + ((unsigned char)from[2] - 0x90)) : *from;
        from += wide ? 3 : 1;
    }
    *to = '\0';
}

/* What steers, and blanks in a row, become one blank. */
static void
smooth(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        char c = (unsigned char)*from < 0x20 || *from == 0x7F ? ' ' : *from;

        if (c != ' ' || (to > text && to[-1] != ' '))
            *to++ = c;
    }
    while (to > text && to[-1] == ' ')
        to--;
    *to = '\0';
}

void
bank_reason_text(char out[BANK_REASON_BYTES], const char *code, const char *words, const struct bank_party *payee)
{
    const struct bank_reason *known = bank_reason_find(code);
    char kept[BANK_FIELD_MAX + 1], shown[48], text[2 * BANK_FIELD_MAX];

    snprintf(kept, sizeof(kept), "%s", words);
    bank_text_trim(kept);
    narrow(kept);
    strike(kept, payee->name);
    strike(kept, payee->account);
    strike_numbers(kept);
    smooth(kept);
    bank_fault_show(shown, code);
    strike(shown, payee->name);
    strike(shown, payee->account);
    strike_numbers(shown);
    if (known)
        snprintf(text, sizeof(text), "%s %s (%s)%s%s", code, known->zh, known->en, *kept ? ": " : "", kept);
    else if (*shown || *kept)
        snprintf(text, sizeof(text), "%.35s%s%s", shown, *shown && *kept ? ": " : "", kept);
    else
        snprintf(text, sizeof(text), "银行未说明原因 (the bank gives no reason)");
    bank_text_cut(text, BANK_REASON_BYTES - 1);
    snprintf(out, BANK_REASON_BYTES, "%.*s", BANK_REASON_BYTES - 1, text);
}

/* ---- Statuses of pain.002 ---- */

/* Settled on the payer's account is paid: should it come back, a statement says so. Blocked is neither paid nor
 * returned. */
bool
bank_status_read(const char *code, enum bank_standing *standing)
{
    static const struct {
        const char *code;
        enum bank_standing standing;
    } statuses[] = {{"ACSC", BANK_PAID},    {"ACCC", BANK_PAID},    {"RJCT", BANK_FAILED},  {"CANC", BANK_FAILED},
                    {"PDNG", BANK_PENDING}, {"RCVD", BANK_PENDING}, {"ACTC", BANK_PENDING}, {"ACCP", BANK_PENDING},
                    {"ACSP", BANK_PENDING}, {"ACFC", BANK_PENDING}, {"ACWC", BANK_PENDING}, {"ACWP", BANK_PENDING},
                    {"PATC", BANK_PENDING}, {"PART", BANK_PENDING}, {"BLCK", BANK_PENDING}};

    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        if (strcmp(statuses[i].code, code))
            continue;
        *standing = statuses[i].standing;
        return true;
    }
    return false;
}
