using System.Text.Json;

namespace ChainCrm.Client.Verify;

/// <summary>One customer's stored value, added up from its entries: principal and gift apart, and no part of a receipt gives back more than it gave (docs/domain/stored-value.md).</summary>
internal sealed class StoredValueLedger
{
    private Dictionary<ulong, (long Principal, long Gift)>? _paid;
    private Dictionary<ulong, (long Principal, long Gift)>? _back;
    private bool _frozen;

    public long Principal { get; private set; }
    public long Gift { get; private set; }

    public void ToppedUp(JsonElement data, string where, Differences differences)
    {
        Move(data.Number("amount"), data.Number("gift"));
        CheckBalances(data.Number("principalBalance"), data.Number("giftBalance"), where, differences);
        NotFrozen(where, differences);
    }

    public void Refunded(JsonElement data, string where, Differences differences)
    {
        Move(-data.Number("amount"), -data.Number("giftWithdrawn"));
        CheckBalances(data.Number("principalBalance"), data.Number("giftBalance"), where, differences);
        NotFrozen(where, differences);
    }

    public void Froze(bool frozen, string where, Differences differences)
    {
        if (_frozen == frozen) differences.Add(where, "freeze", frozen ? "not frozen before" : "frozen before", frozen ? "frozen" : "not frozen");
        _frozen = frozen;
    }

    public void Purchased(JsonElement data, string where, Differences differences)
    {
        if (!TryPart(data, "storedValueUsed", out var used)) return;
        var left = data.Number("amount") - data.Number("pointsValue");
        if (used.Principal < 0 || used.Gift < 0 || used.Principal + used.Gift > left) differences.Add(where, "stored value used", $"0 to {left}", $"{used.Principal + used.Gift}");
        Move(-used.Principal, -used.Gift);
        (_paid ??= [])[TextHash.Of(data.Text("store") ?? "", data.Text("receipt") ?? "")] = used;
        CheckBalances(data, where, differences);
        NotFrozen(where, differences);
    }

    public void Returned(JsonElement data, string where, Differences differences)
    {
        if (!TryPart(data, "storedValueBackSoFar", out var soFar)) return;
        TryPart(data, "storedValueBack", out var back);
        Move(back.Principal, back.Gift);
        CheckBalances(data, where, differences);
        if (back.Principal < 0 || back.Gift < 0) differences.Add(where, "stored value given back", "0 or more", $"{back.Principal} and {back.Gift}");
        var cash = data.Number("amount") - data.Number("pointsValue") - back.Principal - back.Gift;
        if (cash < 0) differences.Add(where, "money given back", "0 or more", $"{cash}");
        var receipt = TextHash.Of(data.Text("purchaseStore") ?? "", data.Text("purchaseReceipt") ?? "");
        var before = (_back ??= []).GetValueOrDefault(receipt);
        _back[receipt] = (before.Principal + back.Principal, before.Gift + back.Gift);
        differences.Expect(where, "principal given back so far", _back[receipt].Principal, soFar.Principal);
        differences.Expect(where, "gift given back so far", _back[receipt].Gift, soFar.Gift);
        var paid = _paid?.GetValueOrDefault(receipt) ?? default;
        if (soFar.Principal > paid.Principal || soFar.Gift > paid.Gift)
            differences.Add(where, "stored value given back in all", $"at most {paid.Principal} and {paid.Gift}", $"{soFar.Principal} and {soFar.Gift}");
    }

    private void Move(long principal, long gift) => (Principal, Gift) = (Principal + principal, Gift + gift);

    private void CheckBalances(JsonElement data, string where, Differences differences)
    {
        TryPart(data, "storedValueBalance", out var balance);
        CheckBalances(balance.Principal, balance.Gift, where, differences);
    }

    private void CheckBalances(long principal, long gift, string where, Differences differences)
    {
        differences.Expect(where, "principal after the entry", Principal, principal);
        differences.Expect(where, "gift after the entry", Gift, gift);
        if (Principal < 0 || Gift < 0) differences.Add(where, "stored value", "0 or more", $"{Principal} and {Gift}");
    }

    private void NotFrozen(string where, Differences differences)
    {
        if (_frozen) differences.Add(where, "stored value that moves", "not frozen", "frozen");
    }

    private static bool TryPart(JsonElement data, string name, out (long Principal, long Gift) part)
    {
        var found = data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object;
        part = found ? (value.Number("principal"), value.Number("gift")) : default;
        return found;
    }
}
