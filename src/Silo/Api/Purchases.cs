using System.Globalization;
using System.Runtime.CompilerServices;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Api;

/// <summary>One sale on its way: checked, turned into a command, decided by the customer's grain (or the store's), answered.</summary>
internal static class Purchases
{
    /// <summary>Records one sale.</summary>
    public static async ValueTask<Outcome<PurchaseReply>> RecordAsync(ApiServices api, Caller caller, PurchaseRequest request)
    {
        var (prepared, rejection) = await PrepareAsync(api, caller, request);
        return prepared is null ? rejection! : await AskAsync(api, caller, prepared);
    }

    /// <summary>A sale that is ready for its grain.</summary>
    public sealed record Prepared(GrainId Grain, CustomerId? Customer, StoreFacts Store, string Receipt, ulong Fingerprint, object Command);

    /// <summary>Checks a request and finds out whose it is.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Outcome<Prepared>> PrepareAsync(ApiServices api, Caller caller, PurchaseRequest request)
    {
        var (store, unknownStore) = Callers.StoreOf(api, caller, request.Store);
        if (store is null) return unknownStore!;
        if (Check(request) is { } wrong) return wrong;
        var (origin, badStaff) = Callers.OriginOf(caller, store.Id, request.Staff);
        if (badStaff is not null) return badStaff;
        var (lines, badLine) = LinesOf(request.Lines!);
        if (lines is null) return badLine!;

        var now = api.Now();
        var occurred = request.OccurredAt is { } said ? new Timestamp(said.ToUnixTimeMilliseconds()) : now;
        var (day, offset) = BusinessClock.At(api.Programme(caller.Chain), occurred);
        if (!store.IsOpen && await Callers.TakesSaleAsync(api, caller.Chain, store, occurred) is { } closed) return closed;

        var fingerprint = FingerprintOf(api, store.Id, request, lines);
        if (request.Customer is null)
        {
            if (request.UsePoints != 0) return ApiRejections.WalkInWithPoints.At("usePoints");
            return WalkIn(caller, store, request.Receipt!, new Times(now, occurred, day, offset), origin, lines, fingerprint);
        }

        var (customer, unknown) = await CustomerKeys.FindAsync(api, caller.Chain, request.Customer, "customer");
        if (unknown is not null) return unknown;
        return new Prepared(new GrainId(caller.Chain, GrainKinds.Customer, customer.Value), customer, store, request.Receipt!, fingerprint, new RecordPurchase
        {
            At = now,
            Origin = origin,
            Store = store.Id,
            Receipt = request.Receipt!,
            OccurredAt = occurred,
            BusinessDay = day,
            UtcOffsetMinutes = offset,
            Lines = lines,
            UsePoints = new Points(request.UsePoints),
            Channel = request.Channel,
        });
    }

    /// <summary>Asks the grain and turns what was recorded into the reply.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Outcome<PurchaseReply>> AskAsync(ApiServices api, Caller caller, Prepared sale)
    {
        var reply = await api.Engine.AskAsync(
            new GrainCommand(sale.Grain, string.Concat(sale.Store.Id.Value, "/", sale.Receipt), sale.Fingerprint, sale.Command));
        if (!reply.IsOk) return reply.Rejection!;
        return EntryReplies.Purchase(api, caller.Chain, reply.Entry!, sale.Store.Id.Value, sale.Receipt);
    }

    private static Rejection? Check(PurchaseRequest request)
    {
        if (InputRules.Receipt(request.Receipt, "receipt") is { } wrong) return wrong;
        if (InputRules.OptionalText(request.Channel, "channel", Limits.IdLengthMax) is { } channel) return channel;
        if (request.Lines is null) return ApiRejections.MissingField.At("lines");
        return request.Lines.Count > Limits.ReceiptLinesMax ? ApiRejections.TooManyItems.At("lines") : null;
    }

    private static Outcome<PurchaseLine[]> LinesOf(IReadOnlyList<PurchaseLineRequest> requests)
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
                Quantity = quantity,
                Price = new Money(request.PriceMinor),
                Discount = new Money(request.DiscountMinor),
            };
        }

        return lines;
    }

    /// <summary>A sale to nobody known: the store's grain keeps it, as a count of lines and an amount.</summary>
    private static Outcome<Prepared> WalkIn(
        Caller caller, StoreFacts store, string receipt, in Times times, Origin origin, PurchaseLine[] lines, ulong fingerprint)
    {
        var (amount, wrong) = WalkInAmount(lines);
        if (wrong is not null) return wrong;
        return new Prepared(new GrainId(caller.Chain, GrainKinds.Store, store.Id.Value), null, store, receipt, fingerprint, new RecordWalkIn
        {
            At = times.Now,
            Origin = origin,
            Receipt = receipt,
            OccurredAt = times.Occurred,
            BusinessDay = times.Day,
            LineCount = lines.Length,
            Amount = amount,
        });
    }

    /// <summary>The sum, after the checks that the customer's grain makes of lines: the store's grain never sees them.</summary>
    private static Outcome<Money> WalkInAmount(PurchaseLine[] lines)
    {
        var amount = Money.Zero;
        var numbers = new HashSet<int>(lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Line is < 1 or > short.MaxValue) return ApiRejections.NumberOutOfRange.At(Field(i, "line"));
            if (!numbers.Add(line.Line)) return ApiRejections.LineTwice.At(Field(i, "line"));
            if (InputRules.Text(line.Product.Value, Field(i, "product"), Limits.IdLengthMax) is { } product) return product;
            if (line.Price.Minor is < 0 or > Limits.AmountMinorMax) return ApiRejections.NumberOutOfRange.At(Field(i, "priceMinor"));
            if (line.Discount.Minor < 0 || line.Discount > line.Price) return ApiRejections.NumberOutOfRange.At(Field(i, "discountMinor"));
            amount += line.Price - line.Discount;
        }

        return amount;
    }

    private static ulong FingerprintOf(ApiServices api, StoreId store, PurchaseRequest request, PurchaseLine[] lines)
    {
        var writer = new FingerprintWriter(FingerprintKind.Purchase);
        writer.Text(store.Value);
        writer.Text(request.Receipt);
        writer.Optional(request.OccurredAt?.ToUnixTimeMilliseconds());
        writer.Text(request.Channel);
        writer.Text(request.Staff);
        writer.Number(request.UsePoints);
        writer.Number(lines.Length);
        foreach (var line in lines)
        {
            writer.Number(line.Line);
            writer.Text(line.Product.Value);
            writer.Text(line.Category);
            writer.Number(line.Quantity.Milli);
            writer.Number(line.Price.Minor);
            writer.Number(line.Discount.Minor);
        }

        return writer.Finish(api.Vault);
    }

    private static string Field(int index, string? name) =>
        name is null ? string.Create(CultureInfo.InvariantCulture, $"lines[{index}]") : string.Create(CultureInfo.InvariantCulture, $"lines[{index}].{name}");

    private readonly record struct Times(Timestamp Now, Timestamp Occurred, BusinessDay Day, int OffsetMinutes);
}
