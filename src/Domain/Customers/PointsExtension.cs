namespace ChainCrm.Domain.Customers;

/// <summary>An extension of points as the state remembers it, for lots that are spent: their sale or what they paid for may come back.</summary>
/// <param name="At">When it was.</param>
/// <param name="Until">The new end of what it moved.</param>
/// <param name="EndingBy">It moved what ended no later than this; null: everything.</param>
/// <param name="LastLot">Newest lot then: later ones were not moved.</param>
public readonly record struct PointsExtension(Timestamp At, Timestamp Until, Timestamp? EndingBy, int LastLot);
