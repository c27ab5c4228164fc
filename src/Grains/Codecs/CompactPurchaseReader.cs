using System.Text.Json;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// Reads a purchase of the form customer.purchase-recorded.2. Unknown members are skipped; a required one that is missing, another type, a line too short
/// or too long and a number that does not fit make the entry unreadable. Members may stand in any order.
/// </summary>
internal static class CompactPurchaseReader
{
    private const int
        ActiveFrom = ('a' << 8) | 'f', At = ('a' << 8) | 't', CrossStore = ('c' << 8) | 's', DebtPaid = ('d' << 8) | 'p', PointsBonus = ('e' << 8) | 'b',
        OriginStaff = ('o' << 8) | 'f', OriginStore = ('o' << 8) | 's', OriginTill = ('o' << 8) | 't', PreviousStore = ('p' << 8) | 's',
        QualifyingFrom = ('q' << 8) | 'f', QualifyingTo = ('q' << 8) | 't', QualifyingPoints = ('q' << 8) | 'p', QualifyingVisits = ('q' << 8) | 'v', LotsUsed = ('u' << 8) | 'l', PointsValue = ('u' << 8) | 'v',
        TierBefore = ('t' << 8) | 'b', Region = ('r' << 8) | 'g', City = ('c' << 8) | 't', LocalMinute = ('l' << 8) | 'm', StoredValueUsed = ('s' << 8) | 'v',
        ByInactivity = ('x' << 8) | 'i', CouponShares = ('k' << 8) | 's', CouponsSkipped = ('k' << 8) | 'x',
        AsksMemberPrices = ('m' << 8) | 'a', MemberPrices = ('m' << 8) | 'p', EarlySales = ('e' << 8) | 's', Tags = ('t' << 8) | 'g';

    private static readonly ReadItem<RecordedLine> LineItem = ReadLine;
    private static readonly ReadItem<LotPart> LotItem = ReadLotUsed;
    private static readonly ReadItem<string?> RuleItem = ReadRule;
    private static readonly ReadItem<RuleGrant> GrantItem = ReadGrant;
    private static readonly ReadItem<string> TagItem = static (ref reader, _) => JsonInput.PooledText(ref reader);

    public static PurchaseRecorded Read(ref Utf8JsonReader reader)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartObject);
        var parts = new CompactParts();
        // The receipt's lot is written before the lines. Should another tool have changed the order, the lines are read again from where they stood.
        var lines = default(Utf8JsonReader);
        var linesLot = 0;
        while (JsonInput.Next(ref reader) == JsonTokenType.PropertyName)
        {
            var name = JsonInput.Name(ref reader);
            JsonInput.Next(ref reader);
            if (name == 'l')
            {
                lines = reader;
                linesLot = parts.Lot;
                parts.Lines = JsonInput.List(ref reader, LineItem, linesLot);
            }
            else
            {
                ReadMember(ref reader, name, ref parts);
            }
        }

        if (parts.Lines is not null && parts.Lot != linesLot) parts.Lines = JsonInput.List(ref lines, LineItem, parts.Lot);
        return parts.Build();
    }

    private static void ReadMember(ref Utf8JsonReader reader, int name, ref CompactParts parts)
    {
        switch (name)
        {
            case 's': parts.Store = new StoreId(JsonInput.PooledText(ref reader)); break;
            case 'r': parts.Receipt = JsonInput.Text(ref reader); break;
            case 'o': parts.OccurredAt = new Timestamp(reader.GetInt64()); break;
            case 'd': parts.BusinessDay = new BusinessDay(reader.GetInt32()); break;
            case 'c': parts.Channel = JsonInput.PooledText(ref reader); break;
            case 'g': parts.Lot = reader.GetInt32(); break;
            case 'a': parts.Amount = new Money(reader.GetInt64()); break;
            case 'u': parts.PointsUsed = new Points(reader.GetInt64()); break;
            case LotsUsed: parts.LotsUsed = JsonInput.List(ref reader, LotItem); break;
            case PointsValue: parts.PointsValue = new Money(reader.GetInt64()); break;
            case 'e': parts.PointsEarned = new Points(reader.GetInt64()); break;
            case PointsBonus: parts.PointsBonus = new Points(reader.GetInt64()); break;
            case DebtPaid: parts.DebtPaid = new Points(reader.GetInt64()); break;
            case ActiveFrom: parts.ActiveFrom = new Timestamp(reader.GetInt64()); break;
            case 'x': parts.ExpiresAt = new Timestamp(reader.GetInt64()); break;
            case ByInactivity: parts.ByInactivity = reader.GetBoolean(); break;
            case PreviousStore: (parts.HasPreviousStore, parts.PreviousStore) = (true, ReadStore(ref reader)); break;
            case CrossStore: parts.CrossStore = reader.GetBoolean(); break;
            case 'b': parts.Balance = new Points(reader.GetInt64()); break;
            case 'q': parts.QualifyingSpend = new Money(reader.GetInt64()); break;
            case QualifyingFrom: parts.QualifyingFrom = new BusinessDay(reader.GetInt32()); break;
            case QualifyingTo: parts.QualifyingTo = new BusinessDay(reader.GetInt32()); break;
            case QualifyingPoints: parts.QualifyingPoints = new Points(reader.GetInt64()); break;
            case QualifyingVisits: parts.QualifyingVisits = reader.GetInt32(); break;
            case 't': parts.Tier = new TierId(JsonInput.PooledText(ref reader)); break;
            case 'n': parts.Rules = JsonInput.List(ref reader, RuleItem); break;
            case 'w': parts.Grants = JsonInput.List(ref reader, GrantItem); break;
            case TierBefore: parts.TierBefore = new TierId(JsonInput.PooledText(ref reader)); break;
            case Region: parts.Region = JsonInput.PooledText(ref reader); break;
            case City: parts.City = JsonInput.PooledText(ref reader); break;
            case Tags: parts.Tags = JsonInput.List(ref reader, TagItem); break;
            case LocalMinute: parts.LocalMinute = reader.GetInt32(); break;
            case StoredValueUsed: (parts.StoredValueUsed, parts.StoredValueBalance) = ReadStoredValue(ref reader); break;
            case 'k': parts.Coupons = JsonInput.List(ref reader, CompactCoupons.UseItem); break;
            case CouponShares: parts.CouponShares = JsonInput.List(ref reader, CompactCoupons.ShareItem); break;
            case CouponsSkipped: parts.CouponsSkipped = JsonInput.List(ref reader, CompactCoupons.SkippedItem); break;
            case AsksMemberPrices: parts.AsksMemberPrices = reader.GetBoolean(); break;
            case MemberPrices: parts.MemberPrices = JsonInput.List(ref reader, CompactPricing.PriceItem); break;
            case EarlySales: parts.EarlySales = JsonInput.List(ref reader, CompactPricing.EarlyItem); break;
            case At: parts.At = new Timestamp(reader.GetInt64()); break;
            case OriginStore: (parts.HasOriginStore, parts.OriginStore) = (true, ReadStore(ref reader)); break;
            case OriginStaff: parts.OriginStaff = new StaffId(JsonInput.PooledText(ref reader)); break;
            case OriginTill: parts.OriginTill = new TillId(JsonInput.PooledText(ref reader)); break;
            default: reader.Skip(); break;
        }
    }

    private static RecordedLine ReadLine(ref Utf8JsonReader reader, int receiptLot)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartArray);
        JsonInput.Element(ref reader);
        var number = reader.GetInt32();
        JsonInput.Element(ref reader);
        var product = new ProductId(JsonInput.PooledText(ref reader));
        JsonInput.Element(ref reader);
        var quantity = new Quantity(reader.GetInt64());
        JsonInput.Element(ref reader);
        var price = new Money(reader.GetInt64());

        var more = JsonInput.More(ref reader);
        var discount = Number(ref reader, ref more) ?? 0;
        var earned = Number(ref reader, ref more) ?? 0;
        var bonus = Number(ref reader, ref more) ?? 0;
        string? category = null;
        if (more)
        {
            category = reader.TokenType == JsonTokenType.Null ? null : JsonInput.PooledText(ref reader);
            more = JsonInput.More(ref reader);
        }

        var lotPoints = Number(ref reader, ref more) ?? checked(earned + bonus);
        var lot = CompactPurchase.LotOf(lotPoints, receiptLot);
        if (more)
        {
            lot = reader.GetInt32();
            more = JsonInput.More(ref reader);
        }

        string? brand = null;
        if (more)
        {
            brand = JsonInput.PooledText(ref reader);
            more = JsonInput.More(ref reader);
        }

        if (more) throw new JsonException("A line is too long.");
        return new RecordedLine
        {
            Line = number, Product = product, Category = category, Brand = brand, Quantity = quantity, Price = price, Discount = new Money(discount),
            Earned = new Points(earned), Bonus = new Points(bonus), Lot = lot, LotPoints = new Points(lotPoints),
        };
    }

    private static long? Number(ref Utf8JsonReader reader, ref bool more)
    {
        if (!more) return null;
        var number = reader.GetInt64();
        more = JsonInput.More(ref reader);
        return number;
    }

    private static LotPart ReadLotUsed(ref Utf8JsonReader reader, int context)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartArray);
        JsonInput.Element(ref reader);
        var lot = reader.GetInt32();
        JsonInput.Element(ref reader);
        var points = new Points(reader.GetInt64());
        var more = JsonInput.More(ref reader);
        if (!more) return new LotPart(lot, points);
        var hasEnd = reader.TokenType != JsonTokenType.Null;
        Timestamp? end = hasEnd ? new Timestamp(reader.GetInt64()) : null;
        more = JsonInput.More(ref reader);
        var moves = Number(ref reader, ref more);
        if (moves is not (null or 1) || (moves is null && !hasEnd)) throw new JsonException("What is left out of a used lot can't stand there.");
        if (more) throw new JsonException("A used lot is too long.");
        return new LotPart(lot, points, end, moves == 1);
    }

    private static RuleGrant ReadGrant(ref Utf8JsonReader reader, int context)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartArray);
        JsonInput.Element(ref reader);
        var rule = JsonInput.PooledText(ref reader);
        JsonInput.Element(ref reader);
        var points = new Points(reader.GetInt64());
        var more = JsonInput.More(ref reader);
        var withheld = Number(ref reader, ref more) ?? 0;
        Points? room = null;
        if (more)
        {
            room = reader.TokenType == JsonTokenType.Null ? null : new Points(reader.GetInt64());
            more = JsonInput.More(ref reader);
        }

        var counted = Number(ref reader, ref more) ?? 0;
        if (more) throw new JsonException("A grant is too long.");
        return new RuleGrant(rule, points, new Points(withheld), room, (CapPeriods)checked((int)counted));
    }

    /// <summary>Principal and gift that were used, then what was left of each.</summary>
    private static (StoredValue Used, StoredValue Balance) ReadStoredValue(ref Utf8JsonReader reader)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartArray);
        Span<long> numbers = stackalloc long[4];
        foreach (ref var number in numbers)
        {
            JsonInput.Element(ref reader);
            number = reader.GetInt64();
        }

        if (JsonInput.More(ref reader)) throw new JsonException("Stored value is too long.");
        return (new StoredValue(new Money(numbers[0]), new Money(numbers[1])), new StoredValue(new Money(numbers[2]), new Money(numbers[3])));
    }

    /// <summary>A rule; null for that of the event's own tier, which may not be known yet.</summary>
    private static string? ReadRule(ref Utf8JsonReader reader, int context)
    {
        if (reader.TokenType != JsonTokenType.Number) return JsonInput.PooledText(ref reader);
        var code = reader.GetInt32();
        return code == RuleCodes.OwnTier ? null : RuleCodes.NameOf(code) ?? throw new JsonException($"Rule {code} is not known.");
    }

    private static StoreId? ReadStore(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Null ? null : new StoreId(JsonInput.PooledText(ref reader));
}
