using System.Globalization;

namespace ChainCrm.Domain;

/// <summary>Identifies a customer of the chain; 1 to 64 characters.</summary>
public readonly record struct CustomerId(string Value) { public override string ToString() => Value; }

/// <summary>Identifies a store; 1 to 32 characters of A-Z a-z 0-9 - _ .</summary>
public readonly record struct StoreId(string Value) { public override string ToString() => Value; }

/// <summary>Identifies a member of staff.</summary>
public readonly record struct StaffId(string Value) { public override string ToString() => Value; }

/// <summary>Identifies a till within its store.</summary>
public readonly record struct TillId(string Value) { public override string ToString() => Value; }

/// <summary>Identifies a product (SKU).</summary>
public readonly record struct ProductId(string Value) { public override string ToString() => Value; }

/// <summary>Identifies a tier of the programme.</summary>
public readonly record struct TierId(string Value) { public override string ToString() => Value; }

/// <summary>An amount of money in minor units (fen, cents) of the chain's currency. Arithmetic is checked.</summary>
public readonly record struct Money(long Minor) : IComparable<Money>
{
    /// <summary>Nothing.</summary>
    public static Money Zero => default;
    public static Money operator +(Money a, Money b) => new(checked(a.Minor + b.Minor));
    public static Money operator -(Money a, Money b) => new(checked(a.Minor - b.Minor));
    public static bool operator <(Money a, Money b) => a.Minor < b.Minor;
    public static bool operator >(Money a, Money b) => a.Minor > b.Minor;
    public static bool operator <=(Money a, Money b) => a.Minor <= b.Minor;
    public static bool operator >=(Money a, Money b) => a.Minor >= b.Minor;
    public int CompareTo(Money other) => Minor.CompareTo(other.Minor);
    public override string ToString() => Minor.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A number of whole points. Arithmetic is checked.</summary>
public readonly record struct Points(long Count) : IComparable<Points>
{
    /// <summary>No points.</summary>
    public static Points Zero => default;
    public static Points operator +(Points a, Points b) => new(checked(a.Count + b.Count));
    public static Points operator -(Points a, Points b) => new(checked(a.Count - b.Count));
    public static Points operator -(Points a) => new(checked(-a.Count));
    public static bool operator <(Points a, Points b) => a.Count < b.Count;
    public static bool operator >(Points a, Points b) => a.Count > b.Count;
    public static bool operator <=(Points a, Points b) => a.Count <= b.Count;
    public static bool operator >=(Points a, Points b) => a.Count >= b.Count;
    public static Points Min(Points a, Points b) => a.Count <= b.Count ? a : b;
    public static Points Max(Points a, Points b) => a.Count >= b.Count ? a : b;
    public int CompareTo(Points other) => Count.CompareTo(other.Count);
    public override string ToString() => Count.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How much of a product, in thousandths of its unit (1 piece = 1000, 350 g of a kg = 350); 0 or more.</summary>
public readonly record struct Quantity(long Milli) : IComparable<Quantity>
{
    public static Quantity operator +(Quantity a, Quantity b) => new(checked(a.Milli + b.Milli));
    public static Quantity operator -(Quantity a, Quantity b) => new(checked(a.Milli - b.Milli));
    public static bool operator <(Quantity a, Quantity b) => a.Milli < b.Milli;
    public static bool operator >(Quantity a, Quantity b) => a.Milli > b.Milli;
    public static bool operator <=(Quantity a, Quantity b) => a.Milli <= b.Milli;
    public static bool operator >=(Quantity a, Quantity b) => a.Milli >= b.Milli;
    public int CompareTo(Quantity other) => Milli.CompareTo(other.Milli);
}

/// <summary>An instant: milliseconds since 1970-01-01T00:00:00Z.</summary>
public readonly record struct Timestamp(long UnixMs) : IComparable<Timestamp>
{
    public static bool operator <(Timestamp a, Timestamp b) => a.UnixMs < b.UnixMs;
    public static bool operator >(Timestamp a, Timestamp b) => a.UnixMs > b.UnixMs;
    public static bool operator <=(Timestamp a, Timestamp b) => a.UnixMs <= b.UnixMs;
    public static bool operator >=(Timestamp a, Timestamp b) => a.UnixMs >= b.UnixMs;
    public int CompareTo(Timestamp other) => UnixMs.CompareTo(other.UnixMs);
}

/// <summary>A calendar day of the chain's time zone: days since 1970-01-01. The host stamps it; the domain knows no time zones.</summary>
public readonly record struct BusinessDay(int Number) : IComparable<BusinessDay>
{
    public static bool operator <(BusinessDay a, BusinessDay b) => a.Number < b.Number;
    public static bool operator >(BusinessDay a, BusinessDay b) => a.Number > b.Number;
    public static bool operator <=(BusinessDay a, BusinessDay b) => a.Number <= b.Number;
    public static bool operator >=(BusinessDay a, BusinessDay b) => a.Number >= b.Number;
    public int CompareTo(BusinessDay other) => Number.CompareTo(other.Number);
    /// <summary>As a date.</summary>
    public DateOnly ToDate() => DateOnly.FromDayNumber(checked(Number + DayNumberOf1970));
    /// <summary>From a date.</summary>
    public static BusinessDay From(DateOnly date) => new(date.DayNumber - DayNumberOf1970);
    private const int DayNumberOf1970 = 719162;
}

/// <summary>Bytes sealed (encrypted) outside the domain; opaque here. Holds every personal field of one customer.</summary>
public sealed record Sealed(byte[] Bytes)
{
    /// <summary>Equal by content.</summary>
    public bool Equals(Sealed? other) => other is not null && Bytes.AsSpan().SequenceEqual(other.Bytes);
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }
}

/// <summary>Where and by whom a command was given. Part of every command and of every event that a statement shows.</summary>
/// <param name="Store">The store; null for headquarters and for the product itself.</param>
/// <param name="Staff">The member of staff, when known.</param>
/// <param name="Till">The till, when a till gave the command.</param>
public readonly record struct Origin(StoreId? Store, StaffId? Staff = null, TillId? Till = null)
{
    // Plain texts: three nullable ids are twice as large, and every command and every event has an origin.
    // An id without a text is no missing id: it is kept as an empty one, which every decider refuses.
    private readonly string? _store = Store is { } store ? store.Value ?? "" : null;
    private readonly string? _staff = Staff is { } staff ? staff.Value ?? "" : null;
    private readonly string? _till = Till is { } till ? till.Value ?? "" : null;

    public StoreId? Store { get => _store is null ? null : new StoreId(_store); init => _store = value is { } store ? store.Value ?? "" : null; }
    public StaffId? Staff { get => _staff is null ? null : new StaffId(_staff); init => _staff = value is { } staff ? staff.Value ?? "" : null; }
    public TillId? Till { get => _till is null ? null : new TillId(_till); init => _till = value is { } till ? till.Value ?? "" : null; }
}
