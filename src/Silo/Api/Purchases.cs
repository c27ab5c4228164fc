using System.Globalization;
using System.Runtime.CompilerServices;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Personal;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Api;

/// <summary>One sale on its way: checked, turned into a command, decided by the customer's grain (or the store's), answered.</summary>
internal static class Purchases
{
    /// <summary>A sale that is ready for its grain.</summary>
    /// <param name="Command">What the grain is asked.</param>
    /// <param name="Store">Where it was.</param>
    /// <param name="Sale">What the caller sent, also where the command keeps less of it.</param>
    /// <param name="SaysWhen">The time is the caller's, not the server's.</param>
    public sealed record Prepared(GrainCommand Command, StoreFacts Store, RecordPurchase Sale, bool SaysWhen)
    {
        public string Receipt => Sale.Receipt;
    }

    /// <summary>Asks the grain of a sale once more, with the keyed fingerprint that it had before 2026-11-26.</summary>
    public static ValueTask<CommandReply> AskAgainAsync(ApiServices api, Prepared sale) =>
        api.Engine.AskAsync(sale.Command with { Fingerprint = FingerprintOf(api.Vault, sale.Sale, sale.SaysWhen) });

    /// <summary>The receipt is on record with another fingerprint: so it is when the content differs, and when it was recorded while fingerprints of sales
    /// were keyed (before 2026-11-26). Then the sale is asked for once more with <see cref="AskAgainAsync"/>.</summary>
    public static bool MayBeOlder(CommandReply reply) => reply.Rejection?.Code == EngineRejections.KeyReused.Code;

    /// <summary>Checks a request and finds out whose it is.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Outcome<Prepared>> PrepareAsync(ApiServices api, Caller caller, PurchaseRequest request)
    {
        var (store, unknownStore) = Callers.StoreOf(api, caller, request.Store);
        if (store is null) return unknownStore!;
        if (Check(request) is { } bad) return bad;
        var (origin, badStaff) = Callers.OriginOf(caller, store.Id, request.Staff);
        if (badStaff is not null) return badStaff;
        var (lines, badLine) = LinesOf(request.Lines!);
        if (lines is null) return badLine!;

        var now = api.Now();
        var occurred = request.OccurredAt is { } said ? new Timestamp(said.ToUnixTimeMilliseconds()) : now;
        var programme = api.Programme(caller.Chain);
        var closed = store.IsOpen ? null : await Callers.TakesSaleAsync(api, caller.Chain, store, occurred);
        var sale = SaleOf(programme, store, origin, request, lines, now, occurred);
        var (basket, noBasket) = request.Basket is null ? default : BasketIds.Parse(request.Basket, "basket");
        if (basket is not null) sale = sale with { Basket = basket.Number };
        var saysWhen = request.OccurredAt is not null;
        var fingerprint = FingerprintOf(vault: null, sale, saysWhen);
        var commandId = string.Concat(store.Id.Value, "/", sale.Receipt);
        if (request.Customer is null)
        {
            var wrong = WrongWalkIn(sale, programme, out var amount);
            var grain = new GrainId(caller.Chain, GrainKinds.Store, store.Id.Value);
            var walkIn = new Prepared(new GrainCommand(grain, commandId, fingerprint, WalkIn(sale, amount)), store, sale, saysWhen);
            if (request.Basket is not null) wrong ??= ApiRejections.WalkInWithBasket.At("basket");
            return (closed ?? wrong) is { } against ? await UnlessRecordedAsync(api, walkIn, against) : walkIn;
        }

        var (customer, unknown) = await CustomerKeys.FindAsync(api, caller.Chain, request.Customer, "customer", commandId);
        if (unknown is not null) return unknown.Code == ApiRejections.NoSuchCustomer.Code ? closed ?? unknown : unknown;
        if (noBasket is not null) return noBasket;
        if (basket is not null && basket.Customer != customer) return CustomerRejections.BasketNotOpen.At("basket");
        var command = new GrainCommand(new GrainId(caller.Chain, GrainKinds.Customer, customer.Value), commandId, fingerprint, sale);
        var prepared = new Prepared(command, store, sale, saysWhen);
        return closed is null ? prepared : await UnlessRecordedAsync(api, prepared, closed);
    }

    /// <summary>A sale as its grain is asked for it; its basket is not known yet.</summary>
    public static RecordPurchase SaleOf(
        Programme programme, StoreFacts store, Origin origin, PurchaseRequest request, PurchaseLine[] lines, Timestamp at, Timestamp occurred)
    {
        var (day, offset) = BusinessClock.At(programme, occurred);
        return new RecordPurchase
        {
            At = at,
            Origin = origin,
            Store = store.Id,
            Receipt = request.Receipt!,
            OccurredAt = occurred,
            BusinessDay = day,
            UtcOffsetMinutes = offset,
            Lines = lines,
            UsePoints = new Points(request.UsePoints),
            UseStoredValue = new Money(request.UseStoredValueMinor),
            Channel = request.Channel,
            Region = store.Region,
            City = store.City,
            Coupons = request.Coupons,
            SkipCoupons = request.SkipCoupons,
            MemberPrices = request.MemberPrices,
            SoldAlready = request.SoldAlready,
        };
    }

    /// <summary>A sale that is on record goes on to its grain, which answers what it recorded; any other is refused.</summary>
    private static async ValueTask<Outcome<Prepared>> UnlessRecordedAsync(ApiServices api, Prepared sale, Rejection refusal) =>
        await RecordedCommands.UnlessRecordedAsync(api, sale.Command.Grain, sale.Command.CommandId, refusal) is { } final ? final : sale;

    /// <summary>The reply to a sale that was recorded.</summary>
    public static PurchaseReply ReplyOf(ApiServices api, Caller caller, Prepared sale, CommittedEntry entry) =>
        EntryReplies.Purchase(api, caller.Chain, entry, sale.Store.Id.Value, sale.Receipt);

    /// <summary>What a sale comes to, after every check of its lines; for the echo, which has no store and no rules.</summary>
    public static Outcome<Money> AmountOf(PurchaseRequest request)
    {
        if (Check(request) is { } wrong) return wrong;
        var (lines, badLine) = LinesOf(request.Lines!);
        if (lines is null) return badLine!;
        return PurchaseChecks.WrongLines(lines, out var amount) is { } wrongLine ? wrongLine : amount;
    }

    private static Rejection? Check(PurchaseRequest request)
    {
        if (InputRules.Receipt(request.Receipt, "receipt") is { } wrong) return wrong;
        if (request.Lines is null) return ApiRejections.MissingField.At("lines");
        return request.Lines.Count > Limits.ReceiptLinesMax ? CustomerRejections.TooManyLines.At("lines") : null;
    }

    /// <summary>The lines of a request as the domain has them.</summary>
    internal static Outcome<PurchaseLine[]> LinesOf(IReadOnlyList<PurchaseLineRequest> requests)
    {
        var lines = new PurchaseLine[requests.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var request = requests[i];
            if (request is null) return ApiRejections.MissingField.At(Field(i, null));
            if (request.Product is null) return ApiRejections.MissingField.At(Field(i, "product"));
            var (quantity, wrong) = InputRules.Quantity(request.Quantity);
            if (wrong is not null) return wrong.At(Field(i, "quantity"));
            lines[i] = new PurchaseLine
            {
                Line = request.Line,
                Product = new ProductId(request.Product),
                Category = request.Category,
                Brand = request.Brand,
                Quantity = quantity,
                Price = new Money(request.PriceMinor),
                Discount = new Money(request.DiscountMinor),
            };
        }

        return lines;
    }

    private static Rejection? WrongWalkIn(RecordPurchase sale, Programme programme, out Money amount)
    {
        var wrong = PurchaseChecks.Wrong(sale, programme, out amount);
        if (sale.UsePoints != Points.Zero) return ApiRejections.WalkInWithPoints.At("usePoints");
        if (sale.Coupons is { Count: > 0 }) return ApiRejections.WalkInWithCoupons.At("coupons");
        return sale.UseStoredValue != Money.Zero ? ApiRejections.WalkInWithStoredValue.At("useStoredValueMinor") : wrong;
    }

    /// <summary>A sale to nobody known: the store's grain keeps it, as a count of lines and an amount, after the checks every sale has.</summary>
    private static RecordWalkIn WalkIn(RecordPurchase sale, Money amount) => new()
    {
        At = sale.At,
        Origin = sale.Origin,
        Receipt = sale.Receipt,
        OccurredAt = sale.OccurredAt,
        BusinessDay = sale.BusinessDay,
        LineCount = sale.Lines.Count,
        Amount = amount,
    };

    /// <summary>A time that the caller left out is the server's, another one with each attempt, and so no part of what was asked.</summary>
    private static ulong FingerprintOf(IPersonalVault? vault, RecordPurchase sale, bool saysWhen)
    {
        var writer = new FingerprintWriter(FingerprintKind.Purchase);
        writer.Text(sale.Store.Value);
        writer.Text(sale.Receipt);
        writer.Optional(saysWhen ? sale.OccurredAt.UnixMs : null);
        writer.Text(sale.Channel);
        writer.Text(sale.Origin.Staff?.Value);
        writer.Number(sale.UsePoints.Count);
        writer.Number(sale.Lines.Count);
        foreach (var line in (PurchaseLine[])sale.Lines)
        {
            writer.Number(line.Line);
            writer.Text(line.Product.Value);
            writer.Text(line.Category);
            writer.Number(line.Quantity.Milli);
            writer.Number(line.Price.Minor);
            writer.Number(line.Discount.Minor);
        }

        // Only where it is used, so that sales of older builds keep their fingerprint.
        if (sale.UseStoredValue != Money.Zero) writer.Number(sale.UseStoredValue.Minor);
        if (sale.Coupons is { Count: > 0 } coupons)
        {
            writer.Text(sale.SkipCoupons ? "coupons?" : "coupons");
            foreach (var coupon in coupons) writer.Number(coupon);
        }

        if (sale.Basket != 0)
        {
            // A word before it, so that it is not taken for an amount of stored value.
            writer.Text("basket");
            writer.Number(sale.Basket);
        }

        if (HasBrand(sale))
        {
            writer.Text("brands");
            foreach (var line in (PurchaseLine[])sale.Lines) writer.Text(line.Brand);
        }

        if (sale.MemberPrices) writer.Text("memberPrices");
        if (sale.SoldAlready) writer.Text("soldAlready");
        // Receipt, store, products and amounts say nothing of who bought: no key is needed.
        return vault is null ? writer.FinishPlain() : writer.Finish(vault);
    }

    private static bool HasBrand(RecordPurchase sale)
    {
        foreach (ref readonly var line in ((PurchaseLine[])sale.Lines).AsSpan())
        {
            if (line.Brand is not null) return true;
        }

        return false;
    }

    private static string Field(int index, string? name) =>
        name is null ? string.Create(CultureInfo.InvariantCulture, $"lines[{index}]") : string.Create(CultureInfo.InvariantCulture, $"lines[{index}].{name}");
}
