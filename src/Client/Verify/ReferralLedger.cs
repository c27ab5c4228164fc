using System.Text.Json;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Verify;

/// <summary>Rewards of referrals: what each friend's purchase brought, under which terms, and that what came back took it away (docs/domain/referral.md).</summary>
internal sealed class ReferralLedger
{
    private sealed record Friend(string By)
    {
        /// <summary>The purchase whose reward stands, and its delivery; null for none.</summary>
        public (string Receipt, long Points, long ReferrerPoints, long Delivery)? Stands { get; set; }
    }

    private readonly Dictionary<string, Friend> _friends = new(StringComparer.Ordinal);

    /// <summary>Who recommended a new customer.</summary>
    public void Enrolled(string id, JsonElement data)
    {
        if (data.Text("referredBy") is { } by) _friends[id] = new Friend(by);
    }

    /// <summary>A reward stands in the entry of the purchase that earned it, beside what is sent to the referrer, and is what the programme says.</summary>
    public void Rewarded(string id, ProgrammeRules? rules, JournalEntryView entry, JsonElement data, string where, Differences differences)
    {
        if (Find(id, data, where, differences) is not { } friend) return;
        if (friend.Stands is { } stands) differences.Add(where, "rewards that stand", "none", stands.Receipt);
        var receipt = $"{data.Text("store")}/{data.Text("receipt")}";
        differences.Expect(where, "purchase that is rewarded", entry.CommandId, receipt);
        var amount = entry.Events.Where(happened => happened.Type == CompactPurchase.LongType).Sum(happened => happened.Data.Number("amount"));
        if (rules is not null)
        {
            differences.Expect(where, "points of the friend", rules.Referral?.FriendPoints ?? 0, data.Number("points"));
            differences.Expect(where, "points of the referrer", rules.Referral?.ReferrerPoints ?? 0, data.Number("referrerPoints"));
            if (amount < (rules.Referral?.LeastMinor ?? long.MaxValue)) differences.Add(where, "amount that earns the reward", $"{rules.Referral?.LeastMinor} or more", $"{amount}");
        }

        Expect(entry, "referral", friend.By, data.Number("referrerPoints"), data.Number("delivery"), 0, where, differences);
        friend.Stands = (receipt, data.Number("points"), data.Number("referrerPoints"), data.Number("delivery"));
    }

    /// <summary>What is taken back is the reward of the receipt that came back.</summary>
    public void Withdrawn(string id, JournalEntryView entry, JsonElement data, string where, Differences differences)
    {
        if (Find(id, data, where, differences) is not { } friend) return;
        var receipt = $"{data.Text("store")}/{data.Text("receipt")}";
        differences.Expect(where, "purchase whose reward stands", friend.Stands?.Receipt, receipt);
        if (friend.Stands is { } stands)
        {
            differences.Expect(where, "points taken back or forgiven", stands.Points, data.Number("points") + data.Number("forgiven"));
            if (stands.ReferrerPoints > 0) Expect(entry, "referral-back", friend.By, stands.ReferrerPoints, null, stands.Delivery, where, differences);
        }

        friend.Stands = null;
    }

    /// <summary>The referrer could not have it: there is nothing to take back from anybody.</summary>
    public void CameBack(string id, JsonElement data)
    {
        if (_friends.GetValueOrDefault(id) is { Stands: { } stands } friend && data.Text("kind") == "referral" && stands.Delivery == data.Number("delivery")) friend.Stands = stands with { ReferrerPoints = 0 };
    }

    private Friend? Find(string id, JsonElement data, string where, Differences differences)
    {
        if (_friends.TryGetValue(id, out var friend)) differences.Expect(where, "referrer", friend.By, data.Text("referrer"));
        else differences.Add(where, "referrer", "none", data.Text("referrer") ?? "none");
        return friend;
    }

    private static void Expect(JournalEntryView entry, string kind, string to, long points, long? number, long of, string where, Differences differences)
    {
        var sent = entry.Events.Where(happened => happened.Type == "customer.delivery-sent.1" && happened.Data.Text("kind") == kind).Select(happened => happened.Data).ToList();
        if (sent is not [var one])
        {
            differences.Add(where, $"deliveries of the kind {kind}", "1", $"{sent.Count}");
            return;
        }

        differences.Expect(where, $"receiver of the {kind}", to, one.Text("to"));
        differences.Expect(where, $"points of the {kind}", points, one.Number("points"));
        differences.Expect(where, $"what the {kind} takes back", of, one.Number("of"));
        if (number is { } named) differences.Expect(where, $"number of the {kind}", named, one.Number("delivery"));
    }
}
