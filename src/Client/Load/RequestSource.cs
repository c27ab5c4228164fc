using System.Globalization;
using System.Text;

namespace ChainCrm.Client.Load;

/// <summary>What is asked under load, and of whom.</summary>
internal sealed record LoadShape
{
    public required Uri Server { get; init; }
    public required string AccessKey { get; init; }
    public required int Customers { get; init; }
    public required int Stores { get; init; }
    /// <summary>Exponent of Zipf's law; null for all customers alike.</summary>
    public double? Zipf { get; init; }
    public int LinesPerReceipt { get; init; } = 3;
    /// <summary>Coupons on each receipt.</summary>
    public int Coupons { get; init; }

    /// <summary>Id of a store of the load.</summary>
    public static string StoreId(int index) => string.Create(CultureInfo.InvariantCulture, $"load-{index:0000}");

    /// <summary>Card number of a customer of the load.</summary>
    public static string Card(int index) => string.Create(CultureInfo.InvariantCulture, $"77{index:0000000000}");
}

/// <summary>Writes one request after the other into a buffer; safe for many connections at once.</summary>
internal abstract class RequestSource
{
    private long _sequence = -1;

    /// <summary>Bytes of every request.</summary>
    public abstract int Length { get; }

    /// <summary>How many requests there are; endless when null.</summary>
    public virtual long? Total => null;

    /// <summary>Puts the bytes that never change into a connection's buffer.</summary>
    public abstract void Prepare(Span<byte> buffer);

    /// <summary>Writes the next request; false when there is none left.</summary>
    public bool TryWrite(Span<byte> buffer, ref FastRandom random)
    {
        var sequence = Interlocked.Increment(ref _sequence);
        if (sequence >= Total) return false;
        Write(buffer, sequence, ref random);
        return true;
    }

    protected abstract void Write(Span<byte> buffer, long sequence, ref FastRandom random);
}

/// <summary>Purchases of known customers by card, each with a new receipt number; also for the echo, which takes the same request.</summary>
internal sealed class PurchaseSource : RequestSource
{
    private readonly RequestTemplate _template;
    private readonly KeyChooser _customers;
    private readonly int _stores;
    private readonly (int At, int Width)[] _receipt, _card, _store, _price;
    private readonly CustomerCoupons? _coupons;
    private readonly (int At, int Width)[][] _couponPlaces;

    /// <summary>Purchases; with coupons where the customers' are given.</summary>
    public PurchaseSource(LoadShape shape, string path, long run, CustomerCoupons? coupons = null)
    {
        var lines = new StringBuilder();
        for (var i = 1; i <= shape.LinesPerReceipt; i++)
        {
            if (i > 1) lines.Append(',');
            lines.Append(CultureInfo.InvariantCulture, $$"""{"line":{{i}},"product":"SKU-10000{{i}}","category":"load","quantity":1,"priceMinor":1«price:4»,"discountMinor":100}""");
        }

        // The run's number makes receipts of one run differ from those of every other.
        var receipt = string.Create(CultureInfo.InvariantCulture, $"L{run}-«receipt:10»");
        _template = new RequestTemplate("POST", path, shape.Server, shape.AccessKey, receipt,
            $$"""{"customer":{"card":"77«card:10»"},"store":"load-«store:4»","receipt":"{{receipt}}",{{(coupons is null ? "" : CouponsOf(shape))}}"lines":[{{lines}}]}""");
        _coupons = coupons;
        _couponPlaces = coupons is null ? [] : [.. Enumerable.Range(0, shape.Coupons).Select(i => _template.PlacesOf(CouponName(i)))];
        _customers = shape.Zipf is { } exponent ? new KeyChooser(shape.Customers, exponent) : new KeyChooser(shape.Customers);
        _stores = shape.Stores;
        (_receipt, _card, _store, _price) = (_template.PlacesOf("receipt"), _template.PlacesOf("card"), _template.PlacesOf("store"), _template.PlacesOf("price"));
    }

    public override int Length => _template.Length;

    public override void Prepare(Span<byte> buffer) => _template.CopyTo(buffer);

    protected override void Write(Span<byte> buffer, long sequence, ref FastRandom random)
    {
        RequestTemplate.Fill(buffer, _receipt, sequence);
        var customer = _customers.Choose(ref random);
        RequestTemplate.Fill(buffer, _card, customer);
        RequestTemplate.Fill(buffer, _store, random.Below(_stores));
        RequestTemplate.Fill(buffer, _price, random.Below(10_000));
        if (_coupons is null) return;
        var coupon = _coupons.Take(customer);
        foreach (var place in _couponPlaces) RequestTemplate.FillNumber(buffer, place, coupon++);
    }

    // Two purchases of one customer may overtake each other: then one finds its coupons not there yet, and is sold without.
    private static string CouponsOf(LoadShape shape) =>
        $"\"skipCoupons\":true,\"coupons\":[{string.Join(',', Enumerable.Range(0, shape.Coupons).Select(i => $"«{CouponName(i)}:9»"))}],";

    private static string CouponName(int index) => string.Create(CultureInfo.InvariantCulture, $"coupon{index}");
}

/// <summary>Identifies customers by card.</summary>
internal sealed class IdentifySource : RequestSource
{
    private readonly RequestTemplate _template;
    private readonly KeyChooser _customers;
    private readonly (int At, int Width)[] _card;

    public IdentifySource(LoadShape shape)
    {
        _template = new RequestTemplate("POST", "/v1/identify", shape.Server, shape.AccessKey, null, """{"card":"77«card:10»"}""");
        _customers = shape.Zipf is { } exponent ? new KeyChooser(shape.Customers, exponent) : new KeyChooser(shape.Customers);
        _card = _template.PlacesOf("card");
    }

    public override int Length => _template.Length;

    public override void Prepare(Span<byte> buffer) => _template.CopyTo(buffer);

    protected override void Write(Span<byte> buffer, long sequence, ref FastRandom random) =>
        RequestTemplate.Fill(buffer, _card, _customers.Choose(ref random));
}

/// <summary>Enrols the customers of the load, each once; the keys are the same every time, so preparing twice changes nothing.</summary>
internal sealed class EnrolSource : RequestSource
{
    private readonly RequestTemplate _template;
    private readonly int _customers, _stores;
    private readonly (int At, int Width)[] _number, _store;

    public EnrolSource(LoadShape shape)
    {
        _template = new RequestTemplate("POST", "/v1/customers", shape.Server, shape.AccessKey, "load-«number:10»",
            """{"store":"load-«store:4»","card":"77«number:10»"}""");
        (_customers, _stores) = (shape.Customers, shape.Stores);
        (_number, _store) = (_template.PlacesOf("number"), _template.PlacesOf("store"));
    }

    public override int Length => _template.Length;

    public override long? Total => _customers;

    public override void Prepare(Span<byte> buffer) => _template.CopyTo(buffer);

    protected override void Write(Span<byte> buffer, long sequence, ref FastRandom random)
    {
        RequestTemplate.Fill(buffer, _number, sequence);
        RequestTemplate.Fill(buffer, _store, sequence % _stores);
    }
}
