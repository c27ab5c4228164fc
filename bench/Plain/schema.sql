-- What a good team would build without an engine: one function a purchase, one transaction, one round trip.

CREATE TABLE customers (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    card        text    NOT NULL UNIQUE,
    home_store  text    NOT NULL,
    last_store  text,
    tier        smallint NOT NULL DEFAULT 0,
    balance     bigint  NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

CREATE TABLE purchases (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint  NOT NULL,
    key         text    NOT NULL UNIQUE,
    store       text    NOT NULL,
    receipt     text    NOT NULL,
    at          timestamptz NOT NULL,
    amount      bigint  NOT NULL,
    earned      bigint  NOT NULL,
    bonus       bigint  NOT NULL,
    balance     bigint  NOT NULL,
    tier        smallint NOT NULL,
    crossed     boolean NOT NULL,
    lines       jsonb   NOT NULL
);
CREATE INDEX purchases_of_customer ON purchases (customer_id, id);

CREATE TABLE lots (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint  NOT NULL,
    purchase_id bigint  NOT NULL,
    points      bigint  NOT NULL,
    remaining   bigint  NOT NULL,
    active_from timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX lots_open ON lots (customer_id, expires_at) WHERE remaining > 0;

CREATE TABLE ledger (
    id          bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint  NOT NULL,
    purchase_id bigint  NOT NULL,
    points      bigint  NOT NULL,
    balance     bigint  NOT NULL,
    at          timestamptz NOT NULL
);
CREATE INDEX ledger_of_customer ON ledger (customer_id, id);

-- Spend a day, so that the rolling twelve months are a sum over at most 366 rows of an index.
CREATE TABLE spend (
    customer_id bigint  NOT NULL,
    day         date    NOT NULL,
    amount      bigint  NOT NULL,
    PRIMARY KEY (customer_id, day)
) WITH (fillfactor = 70);

CREATE FUNCTION record_purchase(p_card text, p_store text, p_receipt text, p_key text, p_lines jsonb,
    OUT o_amount bigint, OUT o_earned bigint, OUT o_bonus bigint, OUT o_balance bigint, OUT o_tier smallint, OUT o_crossed boolean)
LANGUAGE plpgsql AS $$
DECLARE
    c customers%ROWTYPE;
    v_now timestamptz := now();
    v_purchase bigint;
    v_spend bigint;
BEGIN
    SELECT * INTO c FROM customers WHERE card = p_card FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'unknown card' USING ERRCODE = 'no_data_found';
    END IF;

    -- The same key again: the first answer. The customer is locked, so nobody else is between this look and the insert.
    SELECT amount, earned, bonus, balance, tier, crossed INTO o_amount, o_earned, o_bonus, o_balance, o_tier, o_crossed FROM purchases WHERE key = p_key;
    IF FOUND THEN
        RETURN;
    END IF;

    SELECT sum((l->>'priceMinor')::bigint - coalesce((l->>'discountMinor')::bigint, 0)) INTO o_amount FROM jsonb_array_elements(p_lines) l;
    o_crossed := p_store <> c.home_store;
    o_earned := o_amount * (CASE c.tier WHEN 3 THEN 150 WHEN 2 THEN 125 WHEN 1 THEN 110 ELSE 100 END) / 10000;
    o_bonus := CASE WHEN o_crossed THEN least(o_earned * 20 / 100, 500) ELSE 0 END;

    INSERT INTO spend (customer_id, day, amount) VALUES (c.id, v_now::date, o_amount)
        ON CONFLICT (customer_id, day) DO UPDATE SET amount = spend.amount + excluded.amount;
    SELECT sum(amount) INTO v_spend FROM spend WHERE customer_id = c.id AND day > v_now::date - 365;
    o_tier := greatest(c.tier, CASE WHEN v_spend >= 3000000 THEN 3 WHEN v_spend >= 1000000 THEN 2 WHEN v_spend >= 200000 THEN 1 ELSE 0 END);
    o_balance := c.balance + o_earned + o_bonus;

    INSERT INTO purchases (customer_id, key, store, receipt, at, amount, earned, bonus, balance, tier, crossed, lines)
        VALUES (c.id, p_key, p_store, p_receipt, v_now, o_amount, o_earned, o_bonus, o_balance, o_tier, o_crossed, p_lines) RETURNING id INTO v_purchase;
    INSERT INTO lots (customer_id, purchase_id, points, remaining, active_from, expires_at)
        VALUES (c.id, v_purchase, o_earned + o_bonus, o_earned + o_bonus, v_now, v_now + interval '1 year');
    INSERT INTO ledger (customer_id, purchase_id, points, balance, at) VALUES (c.id, v_purchase, o_earned + o_bonus, o_balance, v_now);
    UPDATE customers SET balance = o_balance, tier = o_tier, last_store = p_store WHERE id = c.id;
END $$;
