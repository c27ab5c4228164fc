using System.Globalization;
using ChainCrm.Domain.Customers;
using ChainCrm.TestKit.Domain;

namespace ChainCrm.Domain.Tests.Examples;

/// <summary>The two columns of the chapters on coupons: what became of coupons and what is paid, and which are in hand.</summary>
internal static class CouponExample
{
    /// <summary>What each coupon took off, or why it was left alone; what is to pay or is paid back; which come, come back, go or end.</summary>
    public static string Moved(Decision<CustomerEvent> decision)
    {
        var parts = new List<string>();
        foreach (var happened in decision.Events)
        {
            switch (happened)
            {
                case PurchaseRecorded e:
                    parts.AddRange(e.MemberPrices.Select(use => $"{use.Price} −{Yuan(use.Off)} ({use.Line})"));
                    parts.AddRange(e.Coupons.Select(use => $"{use.Number} −{Yuan(use.Discount)}"));
                    parts.AddRange(e.CouponsSkipped.Select(skipped => $"{skipped.Number} skipped {skipped.Code}"));
                    parts.Add($"pay {Yuan(e.Amount)}");
                    break;
                case LinesReturned e:
                    parts.Add($"paid back {Yuan(e.Amount)}");
                    parts.AddRange(e.CouponsBack.Select(coupon => $"{coupon.Number} back"));
                    parts.AddRange(e.CouponsWithdrawn.Select(coupon => $"{coupon.Number} withdrawn"));
                    break;
                case CouponsIssued e:
                    parts.Add(string.Join(' ', e.Coupons.Select(coupon => $"+{coupon.Number}")));
                    break;
                case CouponRevoked e:
                    parts.Add($"{e.Number} revoked");
                    break;
                case CouponsExpired e:
                    parts.AddRange(e.Coupons.Select(coupon => $"{coupon.Number} ended"));
                    break;
            }
        }

        return parts.Count == 0 ? "–" : string.Join("; ", parts);
    }

    /// <summary>The coupons by their numbers, with the first day where it is still to come, and the last where there is one.</summary>
    public static string InHand(CustomerState state, Timestamp at)
    {
        var coupons = state.Coupons.ToArray().OrderBy(coupon => coupon.Number).Select(coupon =>
            $"{coupon.Number}{(coupon.From > at ? $" from {Day(coupon.From.UnixMs)}" : "")}{(coupon.Until is { } until ? $" to {Day(until.UnixMs - 1)}" : "")}");
        return string.Join("; ", coupons) is { Length: > 0 } all ? all : "–";
    }

    private static string Day(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).AddMinutes(CustomerStory.UtcOffsetMinutes).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Yuan(Money money) => (money.Minor / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}
