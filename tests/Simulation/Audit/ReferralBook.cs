using System.Text.Json;

namespace ChainCrm.Simulation;

/// <summary>What the journal of a run holds of referrals: rewards given, taken back, kept from a referrer by the limit of the year.</summary>
internal readonly record struct ReferralCounts(int Given, int TakenBack, int Limited);

/// <summary>The terms of referrals of one version of the programme; null where there are none.</summary>
internal sealed record ReferralOfJournal(long ReferrerPoints, long FriendPoints, long Least, long Within, long? MostPerYear)
{
    public static ReferralOfJournal? Read(JsonElement root) => root.TryGetProperty("referral", out var terms)
        ? new ReferralOfJournal(terms.Number("referrerPoints"), terms.Number("friendPoints"), terms.Number("leastMinor"), terms.Number("withinDays"), terms.Number("mostPerYear") is var most and > 0 ? most : null)
        : null;
}

/// <summary>
/// Rewards of referrals, for the whole chain: which purchase must bring one and which must not, that a return takes it back from both, and that a referrer gets each of them exactly once and within the
/// limit of the year.
/// </summary>
internal sealed class ReferralBook
{
    private readonly Dictionary<string, Friend> _friends = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Friend, long Delivery), long> _got = [];
    private readonly Dictionary<(string Referrer, string Year), long> _counted = [];
    private readonly HashSet<(string Friend, long Delivery)> _lost = [];
    private ReferralCounts _counts;

    public ReferralCounts Counts => _counts;

    /// <summary>One event of a customer.</summary>
    /// <param name="id">The customer.</param>
    /// <param name="name">The event.</param>
    /// <param name="data">Its data.</param>
    /// <param name="terms">What the programme of the entry says.</param>
    /// <param name="open">Deliveries that the customer has under way.</param>
    /// <param name="wrong">What is wrong.</param>
    public void Fold(string id, string name, JsonElement data, ReferralOfJournal? terms, int open, List<string> wrong)
    {
        if (name == "customer.enrolled.1" && data.Text("referredBy") is { } by)
            _friends[id] = new Friend(by, Workload.DayNumber(data.Number("at")));
        else if (name == "customer.delivery-received.1")
            Received(id, data, terms, wrong);
        if (!_friends.TryGetValue(id, out var friend))
        {
            if (name.StartsWith("customer.referral-", StringComparison.Ordinal))
                wrong.Add($"{name} of a customer whom nobody recommended");
            return;
        }

        switch (name)
        {
            case "customer.purchase-recorded.1":
                var days = data.Number("businessDay") - friend.Day;
                friend.Sold[$"{data.Text("store")}/{data.Text("receipt")}"] = (data.Number("amount"), terms?.Least ?? 0);
                friend.Due = friend.Stands is null && terms is not null && data.Number("amount") >= terms.Least && days >= 0 && days <= terms.Within && open < 16 ? terms : null;
                break;
            case "customer.lines-returned.1":
                var receipt = $"{data.Text("purchaseStore")}/{data.Text("purchaseReceipt")}";
                var (amount, least) = friend.Sold.GetValueOrDefault(receipt);
                var kept = amount - data.List("lines").Sum(line => line.Number("amountSoFar")) - data.Number("couponAdjustmentSoFar");
                friend.MustGo = friend.Stands == receipt && kept < least;
                break;
            case "customer.referral-rewarded.1":
                Rewarded(friend, data, wrong);
                break;
            case "customer.referral-withdrawn.1":
                Withdrawn(friend, data, wrong);
                break;
            case "customer.delivery-sent.1":
                Sent(friend, data, wrong);
                break;
            case "customer.delivery-given-back.1" when data.Text("kind") == "referral":
                _counts = _counts with { Limited = _counts.Limited + 1 };
                if (friend.Delivery == data.Number("delivery"))
                    friend.ForReferrer = 0;
                break;
            default:
                // Nothing that a reward hangs on.
                break;
        }
    }

    /// <summary>After the last event of an entry: what was due has come, and what had to go is gone.</summary>
    public void End(string id, List<string> wrong)
    {
        if (!_friends.TryGetValue(id, out var friend))
            return;
        if (friend.Due is not null)
            wrong.Add("a purchase earns the reward of a referral, and brings none");
        if (friend.MustGo)
            wrong.Add($"what is left of {friend.Stands} earns no reward, and the reward stands");
        if (friend.ToSend is { } kind)
            wrong.Add($"nothing of the kind {kind} is sent to the referrer");
        (friend.Due, friend.MustGo, friend.ToSend) = (null, false, null);
    }

    private void Rewarded(Friend friend, JsonElement data, List<string> wrong)
    {
        if (friend.Due is not { } terms || data.Text("referrer") != friend.By || data.Number("points") != terms.FriendPoints || data.Number("referrerPoints") != terms.ReferrerPoints
            || data.List("lotsGranted").Sum(lot => lot.Number("points")) + data.Number("debtPaid") != data.Number("points"))
            wrong.Add($"{data.Number("points")} points for a referral by {data.Text("referrer")}, {data.Number("referrerPoints")} for them; due is {friend.Due}");
        (friend.Due, friend.Stands) = (null, $"{data.Text("store")}/{data.Text("receipt")}");
        (friend.Own, friend.ForReferrer, friend.Delivery, friend.ToSend) = (data.Number("points"), data.Number("referrerPoints"), data.Number("delivery"), "referral");
        _counts = _counts with { Given = _counts.Given + 1 };
    }

    private void Withdrawn(Friend friend, JsonElement data, List<string> wrong)
    {
        if (!friend.MustGo || data.Text("referrer") != friend.By || data.Number("points") + data.Number("forgiven") != friend.Own
            || data.List("lotsTaken").Sum(lot => lot.Number("points")) + data.Number("debtAdded") != data.Number("points"))
            wrong.Add($"{data.Number("points")} points of a referral are taken back and {data.Number("forgiven")} forgiven of {friend.Own}");
        (friend.MustGo, friend.Stands, friend.ToSend) = (false, null, friend.ForReferrer > 0 ? "referral-back" : null);
        _counts = _counts with { TakenBack = _counts.TakenBack + 1 };
    }

    private static void Sent(Friend friend, JsonElement data, List<string> wrong)
    {
        if (data.Text("kind") is "transfer")
            return;
        if (data.Text("kind") != friend.ToSend || data.Text("to") != friend.By || data.Number("points") != friend.ForReferrer
            || (friend.ToSend == "referral" ? data.Number("delivery") : data.Number("of")) != friend.Delivery)
            wrong.Add($"{data.Number("points")} points of the kind {data.Text("kind")} are sent to {data.Text("to")}, due is {friend.ToSend} of {friend.ForReferrer}");
        friend.ToSend = null;
    }

    private void Received(string referrer, JsonElement data, ReferralOfJournal? terms, List<string> wrong)
    {
        var (from, points) = (data.Text("from")!, data.Number("points"));
        var year = data.Number("counted") == 0 ? "" : PublishedRules.PeriodOf("year", data.Number("day"));
        if (data.Text("kind") == "referral")
        {
            if (!_got.TryAdd((from, data.Number("delivery")), points))
                wrong.Add($"the reward of delivery {data.Number("delivery")} of {from} comes twice");
            if (terms?.MostPerYear is { } most && (year.Length == 0 || Count(referrer, year, 1) > most))
                wrong.Add($"more than {most} rewards of referrals in one year");
        }
        else if (data.Text("kind") == "referral-back")
        {
            var taken = data.List("lotsTaken").Sum(lot => lot.Number("points")) + data.Number("debtAdded");
            // One delivery of a friend comes before it at least: the one that is taken back.
            var of = _got.Where(got => got.Key.Friend == from && !_lost.Contains(got.Key) && got.Key.Delivery < data.Number("delivery")).Select(got => got.Key).DefaultIfEmpty().Max();
            if (of == default || !_lost.Add(of) || taken > _got[of] || -points != taken)
                wrong.Add($"{-points} points of a reward are taken back of {referrer}, who got none of {from}, or another number");
            if (year.Length > 0)
                Count(referrer, year, -1);
        }
    }

    private long Count(string referrer, string year, long by) => _counted[(referrer, year)] = _counted.GetValueOrDefault((referrer, year)) + by;

    /// <summary>Somebody whom a member recommended.</summary>
    private sealed record Friend(string By, long Day)
    {
        public Dictionary<string, (long Amount, long Least)> Sold { get; } = new(StringComparer.Ordinal);

        /// <summary>What the purchase of this entry must bring.</summary>
        public ReferralOfJournal? Due { get; set; }

        /// <summary>The return of this entry must take the reward.</summary>
        public bool MustGo { get; set; }

        /// <summary>What this entry must send.</summary>
        public string? ToSend { get; set; }

        /// <summary>The receipt whose reward stands.</summary>
        public string? Stands { get; set; }
        public long Own { get; set; }
        public long ForReferrer { get; set; }
        public long Delivery { get; set; }
    }
}
