using System.Text.Json;
using ChainCrm.Client.Wire;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;

namespace ChainCrm.Silo.Api;

/// <summary>
/// Reads an ordinary purchase by hand: the general reader allocates more for its own stack than the purchase itself weighs. Whatever is
/// not ordinary (a field unknown, twice, null or of another type, an escaped name, broken JSON) is left to the general reader and to the
/// diagnosis: this one never refuses, it only declines.
/// </summary>
internal static class PurchaseReader
{
    private const int LinesAtFirst = 4;

    /// <summary>The purchase, or null when the general reader has to look at it.</summary>
    public static PurchaseRequest? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = ApiLimits.JsonDepthMax });
            var purchase = new Purchase();
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !purchase.TryRead(ref reader)) return null;
            return reader.Read() ? null : purchase.ToRequest();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Broken JSON, or a text that is no Unicode: the general reader says which, and where.
            return null;
        }
    }

    private static bool TryText(ref Utf8JsonReader reader, ref string? text)
    {
        if (text is not null || !reader.Read() || reader.TokenType != JsonTokenType.String) return false;
        text = reader.GetString();
        return true;
    }

    /// <summary>A text that comes again and again, such as a product, from the pool: a sale in memory costs less, and so does walking it.</summary>
    private static bool TryRepeated(ref Utf8JsonReader reader, ref string? text)
    {
        if (text is not null || !reader.Read() || reader.TokenType != JsonTokenType.String) return false;
        if (reader.ValueSpan.Length > GrainLimits.PooledStringLengthMax)
        {
            text = reader.GetString();
            return true;
        }

        Span<char> characters = stackalloc char[GrainLimits.PooledStringLengthMax];
        text = StringPool.Get(characters[..reader.CopyString(characters)]);
        return true;
    }

    private static bool TryNumber(ref Utf8JsonReader reader, ref long? number)
    {
        if (number is not null || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var read)) return false;
        number = read;
        return true;
    }

    /// <summary>The fields of a purchase while it is read; each may come once.</summary>
    private ref struct Purchase
    {
        private CustomerKey? _customer;
        private string? _store;
        private string? _staff;
        private string? _receipt;
        private string? _channel;
        private DateTimeOffset? _occurredAt;
        private List<PurchaseLineRequest>? _lines;
        private long? _usePoints;
        private long? _useStoredValue;
        private List<int>? _coupons;
        private bool? _skipCoupons;
        private string? _basket;
        private bool? _memberPrices;
        private bool? _soldAlready;

        public bool TryRead(ref Utf8JsonReader reader)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                if (reader.ValueIsEscaped || !TryField(ref reader)) return false;
            return reader.TokenType == JsonTokenType.EndObject;
        }

        public readonly PurchaseRequest ToRequest() => new()
        {
            Customer = _customer, Store = _store, Staff = _staff, Receipt = _receipt, OccurredAt = _occurredAt, Channel = _channel, Lines = _lines,
            UsePoints = _usePoints ?? 0, UseStoredValueMinor = _useStoredValue ?? 0, Coupons = _coupons, SkipCoupons = _skipCoupons ?? false, Basket = _basket,
            MemberPrices = _memberPrices ?? false, SoldAlready = _soldAlready ?? false,
        };

        private bool TryField(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("customer"u8)) return TryCustomer(ref reader);
            if (reader.ValueTextEquals("receipt"u8)) return TryText(ref reader, ref _receipt);
            if (reader.ValueTextEquals("lines"u8)) return TryLines(ref reader);
            if (reader.ValueTextEquals("store"u8)) return TryRepeated(ref reader, ref _store);
            if (reader.ValueTextEquals("occurredAt"u8)) return TryTime(ref reader);
            if (reader.ValueTextEquals("staff"u8)) return TryRepeated(ref reader, ref _staff);
            if (reader.ValueTextEquals("channel"u8)) return TryRepeated(ref reader, ref _channel);
            if (reader.ValueTextEquals("usePoints"u8)) return TryNumber(ref reader, ref _usePoints);
            if (reader.ValueTextEquals("useStoredValueMinor"u8)) return TryNumber(ref reader, ref _useStoredValue);
            if (reader.ValueTextEquals("coupons"u8)) return TryCoupons(ref reader);
            if (reader.ValueTextEquals("skipCoupons"u8)) return TryFlag(ref reader, ref _skipCoupons);
            if (reader.ValueTextEquals("memberPrices"u8)) return TryFlag(ref reader, ref _memberPrices);
            if (reader.ValueTextEquals("soldAlready"u8)) return TryFlag(ref reader, ref _soldAlready);
            return reader.ValueTextEquals("basket"u8) && TryText(ref reader, ref _basket);
        }

        private static bool TryFlag(ref Utf8JsonReader reader, ref bool? flag)
        {
            if (flag is not null || !reader.Read() || reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) return false;
            flag = reader.GetBoolean();
            return true;
        }

        private bool TryCoupons(ref Utf8JsonReader reader)
        {
            if (_coupons is not null || !reader.Read() || reader.TokenType != JsonTokenType.StartArray) return false;
            var coupons = new List<int>();
            while (reader.Read() && reader.TokenType == JsonTokenType.Number)
            {
                if (!reader.TryGetInt32(out var coupon)) return false;
                coupons.Add(coupon);
            }

            _coupons = coupons;
            return reader.TokenType == JsonTokenType.EndArray;
        }

        private bool TryTime(ref Utf8JsonReader reader)
        {
            if (_occurredAt is not null || !reader.Read() || !OffsetTimeConverter.TryRead(ref reader, out var time)) return false;
            _occurredAt = time;
            return true;
        }

        private bool TryCustomer(ref Utf8JsonReader reader)
        {
            if (_customer is not null || !reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            string? id = null, phone = null, card = null, external = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueIsEscaped) return false;
                var ok = reader.ValueTextEquals("id"u8) ? TryText(ref reader, ref id)
                    : reader.ValueTextEquals("phone"u8) ? TryText(ref reader, ref phone)
                    : reader.ValueTextEquals("card"u8) ? TryText(ref reader, ref card)
                    : reader.ValueTextEquals("externalId"u8) && TryText(ref reader, ref external);
                if (!ok) return false;
            }

            _customer = new CustomerKey { Id = id, Phone = phone, Card = card, ExternalId = external };
            return reader.TokenType == JsonTokenType.EndObject;
        }

        private bool TryLines(ref Utf8JsonReader reader)
        {
            if (_lines is not null || !reader.Read() || reader.TokenType != JsonTokenType.StartArray) return false;
            var lines = new List<PurchaseLineRequest>(LinesAtFirst);
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                var line = default(Line);
                if (!line.TryRead(ref reader)) return false;
                lines.Add(line.ToRequest());
            }

            _lines = lines;
            return reader.TokenType == JsonTokenType.EndArray;
        }
    }

    /// <summary>The fields of a line while it is read.</summary>
    private ref struct Line
    {
        private long? _line;
        private string? _product;
        private string? _category;
        private string? _brand;
        private decimal? _quantity;
        private long? _priceMinor;
        private long? _discountMinor;

        /// <summary>True when the line holds only known fields and every one that must be there.</summary>
        public bool TryRead(ref Utf8JsonReader reader)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                if (reader.ValueIsEscaped || !TryField(ref reader)) return false;
            return reader.TokenType == JsonTokenType.EndObject && _line is >= int.MinValue and <= int.MaxValue && _quantity is not null && _priceMinor is not null;
        }

        public readonly PurchaseLineRequest ToRequest() => new()
        {
            Line = (int)_line!.Value, Product = _product, Category = _category, Brand = _brand, Quantity = _quantity!.Value, PriceMinor = _priceMinor!.Value,
            DiscountMinor = _discountMinor ?? 0,
        };

        private bool TryField(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("line"u8)) return TryNumber(ref reader, ref _line);
            if (reader.ValueTextEquals("product"u8)) return TryRepeated(ref reader, ref _product);
            if (reader.ValueTextEquals("quantity"u8)) return TryQuantity(ref reader);
            if (reader.ValueTextEquals("priceMinor"u8)) return TryNumber(ref reader, ref _priceMinor);
            if (reader.ValueTextEquals("discountMinor"u8)) return TryNumber(ref reader, ref _discountMinor);
            if (reader.ValueTextEquals("category"u8)) return TryRepeated(ref reader, ref _category);
            return reader.ValueTextEquals("brand"u8) && TryRepeated(ref reader, ref _brand);
        }

        private bool TryQuantity(ref Utf8JsonReader reader)
        {
            if (_quantity is not null || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var quantity)) return false;
            _quantity = quantity;
            return true;
        }
    }
}
