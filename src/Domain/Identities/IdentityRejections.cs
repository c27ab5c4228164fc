namespace ChainCrm.Domain.Identities;

/// <summary>Refusals of identities, 300 to 399, in order of precedence.</summary>
public static class IdentityRejections
{
    public static readonly Rejection OriginInvalid = new(300, "identity.origin-invalid",
        "The store, staff or till that gives this command is not well formed.", "发起操作的门店、员工或收银机编号格式不正确。");

    public static readonly Rejection CustomerInvalid = new(301, "identity.customer-invalid",
        "The customer id is not well formed.", "会员编号格式不正确。");

    public static readonly Rejection UntilInvalid = new(302, "identity.until-invalid",
        "A reservation must end after it begins.", "预占的结束时间必须晚于开始时间。");

    public static readonly Rejection Taken = new(303, "identity.taken",
        "Another customer already has this phone number, card or id.", "该手机号、会员卡或编号已属于其他会员。");

    public static readonly Rejection Reserved = new(304, "identity.reserved",
        "Another customer is being enrolled with this phone number, card or id right now. Try again in a moment.",
        "该手机号、会员卡或编号正在被其他会员登记，请稍后重试。", MayPassLater: true);

    public static readonly Rejection NotReserved = new(305, "identity.not-reserved",
        "The phone number, card or id is not reserved for this customer.", "该手机号、会员卡或编号未为该会员预占。", MayPassLater: true);
}
