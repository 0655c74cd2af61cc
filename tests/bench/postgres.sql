-- A plain double-entry schema with the ledger's checks. A posting is one row that names both accounts and one amount, so
-- that debits equal credits by construction, as in the ledger's events; of the common schemas (two rows of entries a
-- posting, foreign keys) this is the cheapest for PostgreSQL.
CREATE TABLE account (
    id int4 PRIMARY KEY,
    source bool NOT NULL,           -- gives what it does not have: appropriations
    fen int8 NOT NULL DEFAULT 0,
    CHECK (source OR fen >= 0)
) WITH (fillfactor = 50);           -- room for updates in place
CREATE TABLE posting (
    id int8 PRIMARY KEY,
    debit int4 NOT NULL,
    credit int4 NOT NULL,
    fen int8 NOT NULL CHECK (fen > 0),
    day date NOT NULL,
    document text NOT NULL,
    CHECK (debit <> credit)
);
INSERT INTO account SELECT n, n % 2 = 0 FROM generate_series(0, 9999) n;
ANALYZE account;

CREATE FUNCTION post(p_id int8, p_debit int4, p_credit int4, p_fen int8, p_day date, p_document text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO posting VALUES (p_id, p_debit, p_credit, p_fen, p_day, p_document);
    UPDATE account SET fen = fen - p_fen WHERE id = p_debit;
    IF NOT FOUND THEN RAISE EXCEPTION 'account % is not there', p_debit; END IF;
    UPDATE account SET fen = fen + p_fen WHERE id = p_credit;
    IF NOT FOUND THEN RAISE EXCEPTION 'account % is not there', p_credit; END IF;
END $$;

-- Many at once, as sets: one insert, one update an account; accounts in the order of their ids, so that nobody deadlocks.
CREATE FUNCTION post_all(p_id int8[], p_debit int4[], p_credit int4[], p_fen int8[], p_day date, p_document text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted int8;
    found_rows int8;
BEGIN
    INSERT INTO posting SELECT id, debit, credit, fen, p_day, p_document
        FROM unnest(p_id, p_debit, p_credit, p_fen) AS row (id, debit, credit, fen);
    PERFORM 1 FROM account WHERE id = ANY (p_debit || p_credit) ORDER BY id FOR UPDATE;
    WITH sums AS (
        SELECT account, sum(change)::int8 AS change FROM (
            SELECT debit AS account, -fen AS change FROM unnest(p_debit, p_fen) AS row (debit, fen)
            UNION ALL
            SELECT credit, fen FROM unnest(p_credit, p_fen) AS row (credit, fen)) AS changes
        GROUP BY account
    ), changed AS (
        UPDATE account SET fen = account.fen + sums.change FROM sums WHERE account.id = sums.account RETURNING 1
    )
    SELECT (SELECT count(*) FROM sums), (SELECT count(*) FROM changed) INTO wanted, found_rows;
    IF wanted <> found_rows THEN RAISE EXCEPTION 'an account is not there'; END IF;
END $$;
