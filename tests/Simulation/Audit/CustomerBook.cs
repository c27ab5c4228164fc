using System.Text.Json;
using ChainCrm.Journal;

namespace ChainCrm.Simulation;

/// <summary>One customer's points by arithmetic over the events' JSON alone; rules, stored value, baskets, coupons and tiers have books of their own.</summary>
internal sealed class CustomerBook(string id, Punctuality punctuality, PublishedRules published, MoneyAccounts accounts, DeliveryBook deliveries)
{
    private const string Purchase = "customer.purchase-recorded.1";
    private const string Received = "customer.delivery-received.1";
    private const string Expired = "customer.points-expired.1";
    private readonly Dictionary<long, BookedLot> _lots = [];
    private readonly Dictionary<(string Receipt, long Line), long> _bought = [];
    private readonly RuleBook _rules = new();
    private readonly TagBook _tags = new();
    private readonly StoredValueBook _storedValue = new(accounts);
    private readonly BasketBook _baskets = new(punctuality);
    private CouponBook? _coupons;
    private JournalEntry _entry = null!;
    private ProgrammeOfJournal _programme = null!;
    private readonly TierBook _tiers = new(punctuality);
    private long _announced;
    private long _inactivityEnd;
    private bool _arePointsFrozen;
    private long? _sold;

    public long Ledger { get; private set; }

    public long Debt { get; private set; }

    public long LotSum { get; private set; }

    public long Balance => LotSum - Debt;

    public StoredValueBook StoredValue => _storedValue;

    public BasketBook Baskets => _baskets;

    public TierBook Tiers => _tiers;

    public TagBook Tags => _tags;

    public CouponBook Coupons => _coupons ??= new CouponBook(punctuality, _baskets);

    /// <summary>What the last entry got wrong; whoever reads it clears it.</summary>
    public List<string> Wrong { get; } = [];

    public int Grants => _rules.Grants;

    public int Withheld => _rules.Withheld;

    public void Begin(JournalEntry entry, JsonElement envelope)
    {
        (_entry, _sold, _programme) = (entry, null, published.Of(envelope.GetProperty("p").GetInt32()));
        _baskets.Begin(entry, envelope.GetProperty("e"));
        Coupons.Begin(entry);
        _tiers.Begin(entry);
    }

    public void Fold(string name, JsonElement data)
    {
        if (!_baskets.IsEmpty)
            CheckHeld(name, data);
        deliveries.Fold(id, name, data, _programme.Transfers, number => _lots.GetValueOrDefault(number).Expires, Wrong);
        Debt += data.Number("debtAdded") - data.Number("debtPaid");
        TakeAll(name, data, "lotsUsed");
        TakeAll(name, data, "lotsTaken");
        if (name == Expired)
            ExpireAll(data);
        foreach (var grant in data.List("lotsGranted"))
        {
            var at = data.Number("at");
            // What another customer sent keeps the end it had there.
            if (name != Received)
                CheckEnd(grant, _programme.Ends.ByInactivity && _inactivityEnd > at ? _inactivityEnd : _programme.Ends.Of(at, DayOf(at)));
            Grant(grant);
        }

        foreach (var grant in data.List("lotsGivenBack"))
            Grant(grant);
        _storedValue.Fold(name, data, _programme.StoredValue, Wrong);
        Coupons.Fold(name, data, _programme.Coupons, Wrong);
        if (name.StartsWith("customer.basket", StringComparison.Ordinal))
            _baskets.Fold(name, data, _programme, _arePointsFrozen ? 0 : SpendableAt(data.Number("at")), (_storedValue.Principal + _storedValue.Gift, _storedValue.IsFrozen), Wrong);
        switch (name)
        {
            case Purchase:
                Ledger += data.Number("pointsEarned") - data.Number("pointsUsed");
                Bought(data);
                MemberPrices += PriceBook.Bought(_programme.Prices, data, Wrong);
                _rules.Bought(_programme, data, _tiers.Tier, Wrong);
                break;
            case "customer.lines-returned.1":
                Ledger += data.Number("pointsGivenBack") - data.Number("pointsTakenBack");
                Returned(data);
                _rules.Returned(data, Wrong);
                break;
            case Received or "customer.delivery-given-back.1":
                Ledger += data.Number("points");
                break;
            case "customer.points-redeemed.1" or "customer.delivery-sent.1" or Expired:
                Ledger -= data.Number("points");
                break;
            case "customer.points-adjusted.1":
                Ledger += data.Number("points");
                break;
            case "customer.points-extended.1":
                Extended(data);
                break;
            case "customer.points-frozen.1" or "customer.points-released.1":
                if (_arePointsFrozen == (name == "customer.points-frozen.1"))
                    Wrong.Add($"{name} and it was so already");
                _arePointsFrozen = name == "customer.points-frozen.1";
                Freezes++;
                break;
            case "customer.lots-merged.1":
                Merged(data);
                break;
            default:
                // Nothing that moves points.
                break;
        }

        _tags.Fold(name, data, _programme.Tags, Wrong);
        // After the rules: the tier before a sale is what its rules ask for.
        _tiers.Fold(name, data, _programme.Tiers, Wrong);
        if (!data.TryGetProperty("balance", out var balance))
            return;
        // A sale says what is left after its whole entry: what it earned so late that it expired at once is not in it. So does a return, whose points may end as they come back.
        if (name is Purchase or "customer.lines-returned.1")
            _sold = balance.GetInt64();
        else if (balance.GetInt64() != Balance)
            Wrong.Add($"{name} says {balance.GetInt64()} points, lots less debt are {Balance}");
    }

    /// <summary>After the last event of an entry.</summary>
    public void End(JsonElement envelope)
    {
        if (Ledger != Balance)
            Wrong.Add($"the ledger sums to {Ledger}, lots less debt to {Balance}");
        if (_sold is { } sold && sold != Balance)
            Wrong.Add($"the sale or return says {sold} points, lots less debt are {Balance}");
        if (Debt < 0)
            Wrong.Add("the debt is below zero");
        if (envelope.TryGetProperty("w", out var wakeUp))
            _announced = wakeUp.GetInt64();
        var next = NextExpiry();
        if (_announced != next)
            Wrong.Add($"it wants to be woken at {_announced}, and its next points, baskets, coupons or tier end at {next}");
    }

    /// <summary>Nothing that is due is still there when everything had its time.</summary>
    public void CheckEnd(string stream)
    {
        foreach (var (number, lot) in _lots)
            punctuality.StillThere(stream, $"lot {number}", lot.Expires);
        _baskets.CheckEnd(stream);
        Coupons.CheckEnd(stream);
        _tiers.CheckEnd(stream);
    }

    private long NextExpiry()
    {
        var next = _baskets.NextEnd is var end and not 0 ? end : long.MaxValue;
        if (Coupons.NextEnd is var over and not 0 && over < next)
            next = over;
        if (_tiers.NextDue is var due and not 0 && due < next)
            next = due;
        if (deliveries.NextDue(id) is var looked and not 0 && looked < next)
            next = looked;
        foreach (var lot in _lots.Values)
            if (lot.Expires != 0 && lot.Expires < next)
                next = lot.Expires;
        return next == long.MaxValue ? 0 : next;
    }

    /// <summary>Sales, gifts, points taken by hand and refunds leave what baskets hold; returns and the end of points need not.</summary>
    private void CheckHeld(string name, JsonElement data)
    {
        var at = data.Number("at");
        var points = name is Purchase or "customer.points-redeemed.1" or "customer.delivery-sent.1" ? data.List("lotsUsed").Sum(part => part.Number("points"))
            : name == "customer.points-adjusted.1" ? data.List("lotsTaken").Where(part => IsActive(part.Number("lot"), at)).Sum(part => part.Number("points"))
            : 0;
        var money = name == "customer.stored-value-refunded.1" ? data.Number("amount") + data.Number("giftWithdrawn")
            : name == Purchase && data.TryGetProperty("storedValueUsed", out var used) ? used.Number("principal") + used.Number("gift")
            : 0;
        if (points > 0 || money > 0)
            _baskets.Spends(name, at, (SpendableAt(at), points), (_storedValue.Principal + _storedValue.Gift, money), Wrong);
    }

    private long SpendableAt(long at) => _lots.Values.Where(lot => lot.Active <= at && (lot.Expires == 0 || lot.Expires > at)).Sum(lot => lot.Points);

    private bool IsActive(long number, long at) => _lots.TryGetValue(number, out var lot) && lot.Active <= at;

    private void TakeAll(string name, JsonElement data, string list)
    {
        foreach (var part in data.List(list))
        {
            var lot = Take(name, part);
            if (list == "lotsUsed" && _arePointsFrozen)
                Wrong.Add($"{name} spends points while they are frozen");
            if (list == "lotsUsed" && lot.Expires != 0 && lot.Expires <= data.Number("at"))
                Wrong.Add($"{name} spends points that had expired");
        }
    }

    private void ExpireAll(JsonElement data)
    {
        var at = data.Number("at");
        foreach (var part in data.List("lots"))
            punctuality.Expired(_entry, at, Take(Expired, part), Wrong);
    }

    private BookedLot Take(string name, JsonElement part)
    {
        var (number, points) = (part.Number("lot"), part.Number("points"));
        if (!_lots.TryGetValue(number, out var lot) || lot.Points < points || points < 1)
        {
            Wrong.Add($"{name} takes {points} points of lot {number}, which holds {lot.Points}");
            return lot;
        }

        LotSum -= points;
        if (lot.Points == points)
            _lots.Remove(number);
        else
            _lots[number] = lot with { Points = lot.Points - points };
        return lot;
    }

    private void Bought(JsonElement data)
    {
        var receipt = $"{data.Text("store")}/{data.Text("receipt")}";
        var (active, expires, earned) = (data.Number("activeFrom"), data.Number("expiresAt"), 0L);
        var (own, byInactivity) = (_programme.Ends.Of(data.Number("occurredAt"), data.Number("businessDay")), _programme.Ends.ByInactivity);
        CheckEnd(data, byInactivity ? Math.Max(_inactivityEnd, own) : own);
        if (byInactivity)
            MoveEnds(expires);
        foreach (var line in data.List("lines"))
        {
            if (line.Number("lot") is var lot and not 0)
                Put(lot, line.Number("lotPoints"), expires, active, byInactivity);
            earned += line.Number("earned") + line.Number("bonus");
            _bought[(receipt, line.Number("line"))] = line.Number("quantity");
        }

        if (earned != data.Number("pointsEarned"))
            Wrong.Add($"the lines of {receipt} earn {earned} points, the sale {data.Number("pointsEarned")}");
    }

    private void Returned(JsonElement data)
    {
        var receipt = $"{data.Text("purchaseStore")}/{data.Text("purchaseReceipt")}";
        foreach (var line in data.List("lines"))
            if (line.Number("quantitySoFar") > _bought.GetValueOrDefault((receipt, line.Number("line")), -1))
                Wrong.Add($"more of {receipt} came back than was bought");
    }

    /// <summary>Freezes of points and their releases in all.</summary>
    public int Freezes { get; private set; }

    /// <summary>Lines with a member price.</summary>
    public int MemberPrices { get; private set; }

    /// <summary>Extensions of points in all.</summary>
    public int Extensions { get; private set; }

    /// <summary>Times a purchase moved the end of points that were there.</summary>
    public int Moves { get; private set; }

    private void Extended(JsonElement data)
    {
        var (at, until, by, points) = (data.Number("at"), data.Number("until"), data.Number("endingBy"), 0L);
        foreach (var (number, lot) in _lots.Where(held => held.Value.Expires != 0 && held.Value.Expires < until && (by == 0 || held.Value.Expires <= by)).ToList())
        {
            points += lot.Points;
            _lots[number] = lot with { Expires = until, GrantedMs = _entry.TimeMs };
            if (lot.ByInactivity)
                _inactivityEnd = until;
        }

        Extensions++;
        if (points != data.Number("points") || points == 0 || until <= at)
            Wrong.Add($"{data.Number("points")} points were extended to {until}, {points} end before");
    }

    private void Merged(JsonElement data)
    {
        foreach (var merge in data.List("merges"))
        {
            foreach (var lot in merge.List("lots"))
                if (_lots.Remove(lot.GetInt64(), out var merged))
                    LotSum -= merged.Points;
            Grant(merge.GetProperty("into"));
        }
    }

    private void Grant(JsonElement grant)
    {
        if (grant.Flag("byInactivity"))
            MoveEnds(grant.Number("expiresAt"));
        Put(grant.Number("lot"), grant.Number("points"), grant.Number("expiresAt"), grant.Number("activeFrom"), grant.Flag("byInactivity"));
    }

    /// <summary>The end that an event gives, and whether purchases move it, against the programme's document.</summary>
    private void CheckEnd(JsonElement happened, long end)
    {
        if (happened.Number("expiresAt") != end || happened.Flag("byInactivity") != _programme.Ends.ByInactivity)
            Wrong.Add($"points end at {happened.Number("expiresAt")}, by the rules at {end}");
    }

    /// <summary>All lots that end by inactivity get the end; it never goes back.</summary>
    private void MoveEnds(long end)
    {
        if (end < _inactivityEnd)
            Wrong.Add($"points by inactivity would end at {end}, before {_inactivityEnd}");
        if (end == _inactivityEnd)
            return;
        _inactivityEnd = end;
        foreach (var (number, lot) in _lots.Where(held => held.Value.ByInactivity).ToList())
        {
            Moves++;
            _lots[number] = lot with { Expires = end, GrantedMs = _entry.TimeMs };
        }
    }

    private static long DayOf(long at) => (long)Math.Floor((at + (Workload.OffsetMinutes * 60_000.0)) / 86_400_000);

    private void Put(long number, long points, long expires, long active, bool byInactivity)
    {
        LotSum += points;
        _lots[number] = _lots.TryGetValue(number, out var lot) ? lot with { Points = lot.Points + points } : new BookedLot(points, expires, _entry.TimeMs, active, byInactivity);
        if (_lots[number].Points == 0)
            _lots.Remove(number);
    }
}

/// <summary>A lot in the book; <see cref="Expires"/> is 0 for never, all times are milliseconds since 1970.</summary>
internal readonly record struct BookedLot(long Points, long Expires, long GrantedMs, long Active = 0, bool ByInactivity = false);
