namespace ChainCrm.Domain.Customers;

/// <summary>A lot of points as it stands.</summary>
public readonly record struct Lot
{
    // A number instead of a nullable one, and the complement instead of a flag: a lot is 40 bytes, and there are many of them in memory.
    private readonly long _expiresMs;
    private readonly int _covers;

    public Lot(int number, Points granted, Points remaining, Timestamp activeFrom, Timestamp? expiresAt, int coversFrom = 0, bool byInactivity = false)
    {
        (Number, Granted, Remaining, ActiveFrom) = (number, granted, remaining, activeFrom);
        _covers = byInactivity ? ~coversFrom : coversFrom;
        _expiresMs = expiresAt?.UnixMs ?? long.MaxValue;
    }

    /// <summary>Unique within the customer, growing.</summary>
    public int Number { get; }

    /// <summary>For a lot that others were merged into: the lowest of their numbers. 0 for a lot as granted.</summary>
    public int CoversFrom => _covers < 0 ? ~_covers : _covers;

    /// <summary>It ends by inactivity: purchases move its end, together with that of all others of the kind.</summary>
    public bool ByInactivity => _covers < 0;

    /// <summary>Points when granted.</summary>
    public Points Granted { get; }

    /// <summary>Points left, more than 0.</summary>
    public Points Remaining { get; private init; }

    /// <summary>From when they can be spent.</summary>
    public Timestamp ActiveFrom { get; }

    /// <summary>When they expire; null for never.</summary>
    public Timestamp? ExpiresAt => _expiresMs == long.MaxValue ? null : new Timestamp(_expiresMs);

    /// <summary>Its end has come.</summary>
    public bool IsOver(Timestamp at) => _expiresMs <= at.UnixMs;

    /// <summary>The same lot with so much left.</summary>
    internal Lot Left(Points remaining) => this with { Remaining = remaining };

    /// <summary>The same lot with another end.</summary>
    internal Lot Until(Timestamp end) => new(Number, Granted, Remaining, ActiveFrom, end, CoversFrom, ByInactivity);

    /// <summary>Burn order: soonest expiry, then oldest, never-expiring last.</summary>
    internal bool BurnsBefore(in Lot other) =>
        _expiresMs != other._expiresMs ? _expiresMs < other._expiresMs : Number < other.Number;
}
