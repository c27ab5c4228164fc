using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>
/// One customer's stored value by arithmetic over the events' JSON alone, written from docs/domain/stored-value.md: principal and gift, how each payment and return is split, that no
/// part of a receipt gives back more than it gave, and that nothing but a return moves while it is frozen.
/// </summary>
internal sealed class StoredValueBook(MoneyAccounts accounts)
{
    private readonly Dictionary<string, Receipt> _receipts = new(StringComparer.Ordinal);
    private (long Principal, long Gift) _announced;

    public long Principal { get; private set; }

    public long Gift { get; private set; }

    public bool IsFrozen { get; private set; }

    public void Fold(string name, JsonElement data, StoredValueOfJournal terms, List<string> wrong)
    {
        switch (name)
        {
            case "customer.stored-value-topped-up.1":
                ToppedUp(data, terms, wrong);
                break;
            case "customer.stored-value-refunded.1":
                Refunded(data, terms, wrong);
                break;
            case "customer.purchase-recorded.1":
                Bought(data, terms, wrong);
                break;
            case "customer.lines-returned.1":
                Returned(data, wrong);
                break;
            case "customer.stored-value-frozen.1":
                Freeze(true, wrong);
                break;
            case "customer.stored-value-released.1":
                Freeze(false, wrong);
                break;
            default:
                // Nothing that moves stored value.
                break;
        }
    }

    private void ToppedUp(JsonElement data, StoredValueOfJournal terms, List<string> wrong)
    {
        var (amount, gift) = (data.Number("amount"), data.Number("gift"));
        var step = terms.Steps.LastOrDefault(step => amount >= step.AtLeast).Gift;
        if (amount < 1 || gift != step || !terms.Offered)
            wrong.Add($"a top-up of {amount} gets a gift of {gift}, the programme gives {step}{(terms.Offered ? "" : " and offers no stored value")}");
        if (terms.BalanceMax is { } most && Principal + Gift + amount + gift > most)
            wrong.Add($"a top-up of {amount} leaves more than {most} on the card");
        NotFrozen("a top-up", wrong);
        Move(amount, gift, (data.Number("principalBalance"), data.Number("giftBalance")), wrong);
        accounts.ToppedUp(amount, gift);
    }

    private void Refunded(JsonElement data, StoredValueOfJournal terms, List<string> wrong)
    {
        var (amount, gift) = (data.Number("amount"), data.Number("giftWithdrawn"));
        var share = Principal == 0 ? 0 : Floor(Gift, amount, Principal);
        if (amount < 1 || amount > Principal || gift != share || !terms.Refunds)
            wrong.Add($"{amount} of {Principal} are paid out and {gift} of the gift withdrawn, {share} would be right{(terms.Refunds ? "" : ", and the programme pays nothing out")}");
        NotFrozen("a refund", wrong);
        Move(-amount, -gift, (data.Number("principalBalance"), data.Number("giftBalance")), wrong);
        accounts.Refunded(amount, gift);
    }

    private void Bought(JsonElement data, StoredValueOfJournal terms, List<string> wrong)
    {
        var (amount, points, used) = (data.Number("amount"), data.Number("pointsValue"), Part(data, "storedValueUsed"));
        var lines = data.List("lines").Sum(line => line.Number("price") - line.Number("discount"));
        var receipt = new Receipt(amount, points, used);
        _receipts[$"{data.Text("store")}/{data.Text("receipt")}"] = receipt;
        accounts.Sold(lines, points, receipt.Money);
        if (used == default)
            return;
        var use = used.Principal + used.Gift;
        if (used.Principal < 0 || used.Gift < 0 || used.Principal > Principal || used.Gift > Gift)
            wrong.Add($"a sale spends {used} of stored value, of which {(Principal, Gift)} is there: it is spent twice");
        else if (used.Gift != GiftOf(use, terms.Spend))
            wrong.Add($"of {use} out of {(Principal, Gift)} the gift pays {used.Gift}, {terms.Spend} would be {GiftOf(use, terms.Spend)}");
        if (receipt.Money < 0)
            wrong.Add($"a sale of {amount} is paid with {points} in points and {use} of stored value");
        NotFrozen("a sale", wrong);
        Move(-used.Principal, -used.Gift, Part(data, "storedValueBalance"), wrong);
        accounts.CardSales++;
    }

    private void Returned(JsonElement data, List<string> wrong)
    {
        var back = Part(data, "storedValueBack");
        var amount = data.List("lines").Sum(line => line.Number("amount")) + data.Number("couponAdjustment");
        var points = data.Number("pointsValue");
        var money = data.Number("amount") - points - back.Principal - back.Gift;
        accounts.CameBack(amount, points, money);
        if (!_receipts.TryGetValue($"{data.Text("purchaseStore")}/{data.Text("purchaseReceipt")}", out var receipt))
            return;
        receipt.GiveBack(data.Number("amount"), points, money, back);
        receipt.Check(Part(data, "storedValueBackSoFar"), wrong);
        if (receipt.Used == default)
            return;
        Move(back.Principal, back.Gift, Part(data, "storedValueBalance"), wrong);
        accounts.CardReturns += back == default ? 0 : 1;
    }

    private void Freeze(bool frozen, List<string> wrong)
    {
        if (IsFrozen == frozen)
            wrong.Add(frozen ? "what is frozen is frozen again" : "what is not frozen is released");
        IsFrozen = frozen;
        accounts.Freezes += frozen ? 1 : 0;
    }

    private long GiftOf(long use, string spend) => spend switch
    {
        "giftFirst" => Math.Min(use, Gift),
        "principalFirst" => use - Math.Min(use, Principal),
        _ => Floor(use, Gift, Principal + Gift),
    };

    private void NotFrozen(string what, List<string> wrong)
    {
        if (IsFrozen)
            wrong.Add($"{what} moves stored value that is frozen");
    }

    // What the customer holds goes into the accounts by what the entry announces, all else by what it says has moved: so the sum is zero only when both agree.
    private void Move(long principal, long gift, (long Principal, long Gift) announced, List<string> wrong)
    {
        (Principal, Gift) = (Principal + principal, Gift + gift);
        if (announced != (Principal, Gift))
            wrong.Add($"the entry says {announced} of stored value, its entries sum to {(Principal, Gift)}");
        accounts.Holds(announced.Principal - _announced.Principal, announced.Gift - _announced.Gift);
        _announced = announced;
    }

    private static long Floor(long whole, long part, long of) => (long)((Int128)whole * part / of);

    private static (long Principal, long Gift) Part(JsonElement data, string name) =>
        data.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? (part.Number("principal"), part.Number("gift")) : default;

    /// <summary>How a receipt was paid, and what of each part came back.</summary>
    private sealed class Receipt(long amount, long points, (long Principal, long Gift) used)
    {
        private long _amountBack;
        private long _pointsBack;
        private long _moneyBack;
        private long _least;
        private (long Principal, long Gift) _back;

        public (long Principal, long Gift) Used => used;

        public long Money => amount - points - used.Principal - used.Gift;

        public void GiveBack(long amountNow, long pointsNow, long money, (long Principal, long Gift) back)
        {
            _amountBack += amountNow;
            _pointsBack += pointsNow;
            _moneyBack += money;
            _back = (_back.Principal + back.Principal, _back.Gift + back.Gift);
            _least = Math.Min(_least, Math.Min(Math.Min(pointsNow, money), Math.Min(back.Principal, back.Gift)));
        }

        public void Check((long Principal, long Gift) soFar, List<string> wrong)
        {
            if (_least < 0)
                wrong.Add("a part of a return is less than nothing");
            if (_amountBack > amount || _pointsBack > points || _moneyBack > Money || _back.Principal > used.Principal || _back.Gift > used.Gift)
                wrong.Add($"more came back than was paid: {_amountBack} of {amount}, {_pointsBack} of {points} in points, {_moneyBack} of {Money} in money, {_back} of {used}");
            if (soFar != _back)
                wrong.Add($"the return says that {soFar} of stored value came back so far, the sum is {_back}");
            var (card, back, whole) = (used.Principal + used.Gift, _amountBack - _pointsBack, amount - points);
            var toCard = whole == 0 ? 0 : Floor(card, back, whole);
            var toGift = card == 0 ? 0 : Floor(used.Gift, toCard, card);
            if (_back != (toCard - toGift, toGift))
                wrong.Add($"of {back} of {whole} {_back} came back to the card, {(toCard - toGift, toGift)} of {used} would be right");
        }
    }
}

/// <summary>
/// The money of a whole chain in double entry: what customers hold, what stores took in and paid out, what gifts the chain gave and withdrew, what points paid, what was sold. What goes
/// to one account comes from others, so all of them are nothing together.
/// </summary>
internal sealed class MoneyAccounts
{
    private long _principal;
    private long _gift;
    private long _stores;
    private long _gifts;
    private long _points;
    private long _sales;
    private long _said;

    public int TopUps { get; private set; }

    public int CardSales { get; set; }

    public int CardReturns { get; set; }

    public int Refunds { get; private set; }

    public int Freezes { get; set; }

    public void ToppedUp(long amount, long gift)
    {
        (_stores, _gifts) = (_stores - amount, _gifts - gift);
        TopUps++;
    }

    public void Refunded(long amount, long gift)
    {
        (_stores, _gifts) = (_stores + amount, _gifts + gift);
        Refunds++;
    }

    public void Sold(long lines, long points, long money) => (_sales, _points, _stores) = (_sales + lines, _points - points, _stores - money);

    public void CameBack(long lines, long points, long money) => (_sales, _points, _stores) = (_sales - lines, _points + points, _stores + money);

    public void Holds(long principal, long gift) => (_principal, _gift) = (_principal + principal, _gift + gift);

    public void Check(Action<string> say)
    {
        var sum = _principal + _gift + _stores + _gifts + _points + _sales;
        // Said once: what is out once is out for every entry that follows.
        if (sum != 0 && sum != _said)
            say($"the accounts sum to {sum}: {_principal} principal, {_gift} gift, {_stores} stores, {_gifts} gifts of the chain, {_points} points, {_sales} sales");
        _said = sum;
    }

    /// <summary>What the customers hold by their own books is what the accounts say.</summary>
    public void CheckEnd(long principal, long gift, Action<string> say)
    {
        if ((principal, gift) != (_principal, _gift))
            say($"the customers hold {principal} principal and {gift} gift, the accounts say {_principal} and {_gift}");
    }
}
