namespace ChainCrm.Domain.AccessKeys;

/// <summary>Refusals of access keys, 500 to 599, in order of precedence.</summary>
public static class AccessKeyRejections
{
    public static readonly Rejection OriginInvalid = new(500, "access-key.origin-invalid",
        "The store, staff or till that gives this command is not well formed.", "发起操作的门店、员工或收银机编号格式不正确。");

    public static readonly Rejection RoleUnknown = new(501, "access-key.role-unknown",
        "The role must be till, office or viewer.", "角色必须是收银机（till）、总部（office）或只读（viewer）。");

    public static readonly Rejection HashInvalid = new(502, "access-key.hash-invalid",
        "The hash of the secret is not well formed.", "密钥哈希格式不正确。");

    public static readonly Rejection StoreInvalid = new(503, "access-key.store-invalid",
        "The key of a till needs a well-formed store id.", "收银机密钥必须填写格式正确的门店编号。");

    public static readonly Rejection TillInvalid = new(504, "access-key.till-invalid",
        "The key of a till needs the name of the till, at most 64 characters.", "收银机密钥必须填写收银机名称，最多 64 个字符。");

    public static readonly Rejection StoreNotAllowed = new(505, "access-key.store-not-allowed",
        "Only the key of a till belongs to a store and a till.", "只有收银机密钥才能指定门店和收银机。");

    public static readonly Rejection PersonalNotAllowed = new(506, "access-key.personal-not-allowed",
        "A viewer never sees personal data.", "只读角色不能查看个人信息。");

    public static readonly Rejection LabelInvalid = new(507, "access-key.label-invalid",
        "The label is blank or longer than 200 characters.", "备注名为空或超过 200 个字符。");

    public static readonly Rejection ReasonInvalid = new(508, "access-key.reason-invalid",
        "The reason is blank or longer than 200 characters.", "原因为空或超过 200 个字符。");

    public static readonly Rejection Exists = new(509, "access-key.exists",
        "This key was issued before.", "该密钥已签发过。");

    public static readonly Rejection Unknown = new(510, "access-key.unknown",
        "There is no such key.", "没有这个密钥。", MayPassLater: true);
}
