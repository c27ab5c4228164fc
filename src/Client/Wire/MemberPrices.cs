namespace ChainCrm.Client.Wire;

/// <summary>What a member price took off a line of a sale.</summary>
/// <param name="Line">Number of the line.</param>
/// <param name="Price">Id of the member price.</param>
/// <param name="Name">By the version that decided.</param>
/// <param name="OffMinor">What it took off the line, minor units.</param>
/// <param name="AmountMinor">What the line comes to then, before coupons.</param>
public sealed record MemberPriceView(int Line, string Price, LocalName? Name, long OffMinor, long AmountMinor);
