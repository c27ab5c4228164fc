namespace ChainCrm.Domain.Customers;

// Part of the storage format, see CustomerEvent.cs.

/// <summary>What a member price took off a line.</summary>
/// <param name="Line">Number of the line.</param>
/// <param name="Price">Id of the member price.</param>
/// <param name="Off">What it took off; more than 0.</param>
public readonly record struct MemberPriceUse(int Line, string Price, Money Off);

/// <summary>A line that was sold before it was on sale for this customer.</summary>
/// <param name="Line">Number of the line.</param>
/// <param name="Access">Id of the early access that did not allow it.</param>
public readonly record struct EarlySale(int Line, string Access);
