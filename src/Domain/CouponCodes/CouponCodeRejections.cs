namespace ChainCrm.Domain.CouponCodes;

/// <summary>Refusals of coupon codes, 600 to 699, in order of precedence.</summary>
public static class CouponCodeRejections
{
    public static readonly Rejection OriginInvalid = new(600, "coupon-code.origin-invalid",
        "The store, staff or till that gives this command is not well formed.", "发起操作的门店、员工或收银机编号格式不正确。");

    public static readonly Rejection CustomerInvalid = new(601, "coupon-code.customer-invalid",
        "The customer id is not well formed.", "会员编号格式不正确。");

    public static readonly Rejection Taken = new(602, "coupon-code.taken",
        "Another customer has used this code.", "该券码已被其他会员使用。");
}
