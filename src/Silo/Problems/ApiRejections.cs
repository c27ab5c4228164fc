using ChainCrm.Domain;

namespace ChainCrm.Silo.Problems;

/// <summary>Refusals of the HTTP API itself, 1000 to 1099. Listed for people in docs/refusals.md.</summary>
public static class ApiRejections
{
    public static readonly Rejection MalformedJson = new(1000, "request.malformed-json",
        "The body is not well-formed JSON.", "请求体不是有效的 JSON。");

    public static readonly Rejection InvalidUtf8 = new(1001, "request.invalid-utf8",
        "The body is not valid UTF-8.", "请求体不是有效的 UTF-8 编码。");

    public static readonly Rejection ContentType = new(1002, "request.content-type",
        "The body must be application/json in UTF-8, without content encoding.", "请求体须为 application/json（UTF-8），且不得压缩。");

    public static readonly Rejection BodyTooLarge = new(1003, "request.body-too-large",
        "The body is larger than this address takes. Split it.", "请求体超出上限，请拆分后再发。");

    public static readonly Rejection NoSuchAddress = new(1004, "request.no-such-address",
        "There is nothing at this address. See /docs.", "地址不存在，请查阅 /docs。");

    public static readonly Rejection MethodNotAllowed = new(1005, "request.method-not-allowed",
        "This address does not take this method. See /docs.", "该地址不支持此方法，请查阅 /docs。");

    public static readonly Rejection UnknownField = new(1006, "request.unknown-field",
        "The body has a field that is not known here. Nothing was recorded.", "请求体含有未知字段，未作任何记录。");

    public static readonly Rejection MissingField = new(1007, "request.missing-field",
        "A field is missing.", "缺少必填字段。");

    public static readonly Rejection WrongType = new(1008, "request.wrong-type",
        "The field has a value of another type than expected.", "字段类型不正确。");

    public static readonly Rejection NumberOutOfRange = new(1009, "request.number-out-of-range",
        "The number is outside its range, or has more decimals than allowed.", "数值超出范围或小数位过多。");

    public static readonly Rejection TextInvalid = new(1010, "request.text-invalid",
        "The text is empty, begins or ends with a space, or has characters that are not allowed here.", "文本为空、首尾有空格或含有不允许的字符。");

    public static readonly Rejection TextTooLong = new(1011, "request.text-too-long",
        "The text is too long.", "文本过长。");

    public static readonly Rejection TimeInvalid = new(1012, "request.time-invalid",
        "The time must be ISO 8601 with an offset, such as 2026-03-01T10:00:00+08:00.", "时间须为带时区的 ISO 8601 格式，如 2026-03-01T10:00:00+08:00。");

    public static readonly Rejection DuplicateField = new(1013, "request.duplicate-field",
        "The body has the same field twice.", "请求体中同一字段出现两次。");

    public static readonly Rejection TooManyItems = new(1014, "request.too-many-items",
        "The list has more items than one request may carry. Split it.", "列表条数超出单次请求上限，请拆分。");

    public static readonly Rejection QueryInvalid = new(1015, "request.query-invalid",
        "A value in the query of the address is not what is expected there.", "地址中的查询参数不正确。");

    public static readonly Rejection IdempotencyKeyMissing = new(1016, "request.idempotency-key-missing",
        "Every write needs the header Idempotency-Key. Make one, keep it, send the same one with each retry.", "写入请求必须带 Idempotency-Key 请求头；重试时须使用同一编号。");

    public static readonly Rejection IdempotencyKeyInvalid = new(1017, "request.idempotency-key-invalid",
        "The header Idempotency-Key must be 1 to 64 printable ASCII characters.", "Idempotency-Key 须为 1 至 64 个可打印 ASCII 字符。");

    public static readonly Rejection IdempotencyKeyNotReceipt = new(1018, "request.idempotency-key-not-receipt",
        "The header Idempotency-Key of a purchase must be its receipt number.", "购买请求的 Idempotency-Key 须与小票号一致。");

    public static readonly Rejection CustomerKeyInvalid = new(1019, "request.customer-key",
        "The customer must be given by exactly one of id, phone, card, externalId.", "须且只能用 id、phone、card、externalId 之一指明会员。");

    public static readonly Rejection PhoneInvalid = new(1020, "request.phone-invalid",
        "This is not a telephone number. Write it with its country code, such as +86 138 0013 8000.", "电话号码无效，请带国家码填写，如 +86 138 0013 8000。");

    public static readonly Rejection BirthdayInvalid = new(1021, "request.birthday-invalid",
        "The birthday must be a date in the past, yyyy-MM-dd, or --MM-dd without the year.", "生日须为过去的日期，格式 yyyy-MM-dd；不知年份时用 --MM-dd。");

    public static readonly Rejection NothingToChange = new(1022, "request.nothing-to-change",
        "The request changes nothing: no field is given.", "请求未包含任何要修改的字段。");

    public static readonly Rejection TooDeep = new(1023, "request.too-deep",
        "The body is nested more deeply than allowed.", "请求体嵌套层数过多。");

    public static readonly Rejection Interrupted = new(1024, "request.interrupted",
        "The request did not arrive whole. Send it again with the same key.", "请求未完整到达，请用同一编号重发。", MayPassLater: true);

    public static readonly Rejection KeyMissing = new(1030, "access.key-missing",
        "An access key is needed: header Authorization: Bearer ck_..., or sign in.", "需要访问密钥（Authorization: Bearer ck_...）或先登录。");

    public static readonly Rejection KeyInvalid = new(1031, "access.key-invalid",
        "This access key is not known.", "访问密钥无效。");

    public static readonly Rejection KeyRevoked = new(1032, "access.key-revoked",
        "This access key was revoked. Ask headquarters for a new one.", "访问密钥已吊销，请向总部申请新密钥。");

    public static readonly Rejection SessionEnded = new(1033, "access.session-ended",
        "The session has ended. Sign in again.", "登录已失效，请重新登录。");

    public static readonly Rejection RoleNotAllowed = new(1034, "access.role-not-allowed",
        "This access key may not do this.", "该访问密钥无此权限。");

    public static readonly Rejection OtherStore = new(1035, "access.other-store",
        "A till acts only for its own store.", "收银台只能操作本店业务。");

    public static readonly Rejection CrossSiteWrite = new(1036, "access.cross-site-write",
        "A signed-in browser must send the header X-ChainCrm: 1 with every request that is not a GET.", "浏览器登录状态下，非 GET 请求须带请求头 X-ChainCrm: 1。");

    public static readonly Rejection SecretShownOnce = new(1037, "access.secret-shown-once",
        "This key was issued before, and its secret can't be shown again. Revoke it and issue another.", "该密钥已签发，无法再次显示；请吊销后重新签发。");

    public static readonly Rejection PersonalNotYours = new(1038, "access.personal-not-yours",
        "Only a key that sees personal data may issue one that does.", "只有可查看个人信息的密钥才能签发同样权限的密钥。");

    public static readonly Rejection NoSuchCustomer = new(1040, "lookup.no-such-customer",
        "The chain has no such customer.", "查无此会员。");

    public static readonly Rejection NoSuchKey = new(1042, "lookup.no-such-key",
        "The chain has no such access key.", "查无此访问密钥。");

    public static readonly Rejection NoSuchEntry = new(1043, "lookup.no-such-entry",
        "The customer has no entry of this version.", "该会员没有这条流水。");

    public static readonly Rejection WalkInWithPoints = new(1044, "purchase.points-need-a-customer",
        "Points can only be used by a known customer.", "使用积分须先识别会员。");

    public static readonly Rejection WalkInReturn = new(1045, "return.needs-a-customer",
        "Goods sold to nobody known can't be returned through the loyalty system.", "散客购买的商品不能在会员系统退货。");

    public static readonly Rejection StoreIdReserved = new(1046, "store.id-reserved",
        "This store id is reserved.", "该门店编号为系统保留。");

    public static readonly Rejection TimeZoneUnknown = new(1047, "programme.time-zone-unknown",
        "The time zone is not known to this server. Use an IANA name such as Asia/Shanghai.", "服务器不识别该时区，请用 IANA 名称，如 Asia/Shanghai。");

    public static readonly Rejection ProgrammeInvalid = new(1048, "programme.invalid",
        "The document can't be published; see the list of errors.", "规则文档有误，不能发布，详见错误列表。");

    public static readonly Rejection NoSuchVersion = new(1049, "lookup.no-such-version",
        "The programme has no such version.", "没有这个规则版本。");

    public static readonly Rejection BackupNotYours = new(1050, "backup.not-yours",
        "A backup needs an access key of headquarters that sees personal data.", "备份须使用可查看个人信息的总部密钥。");

    public static readonly Rejection BackupKeyInvalid = new(1051, "backup.key-invalid",
        "This is not the public half of a backup key. chaincrm backup-key makes one.", "备份公钥无效，请用 chaincrm backup-key 生成。");

    public static readonly Rejection BackupUnderWay = new(1052, "backup.under-way",
        "Another backup is being made. Try again when it has ended.", "另一个备份正在进行，请在其结束后重试。", MayPassLater: true);

    public static readonly Rejection RehearsalUnderWay = new(1053, "rehearsal.under-way",
        "Another rehearsal of the chain is under way. Wait for its end, or cancel it.", "另一次试算正在进行，请等待结束或先取消。", MayPassLater: true);

    public static readonly Rejection NoSuchRehearsal = new(1054, "lookup.no-such-rehearsal",
        "There is no such rehearsal; they are kept until the server starts again.", "没有这次试算；服务重启后不再保留。");

    public static readonly Rejection WalkInWithStoredValue = new(1055, "purchase.stored-value-needs-a-customer",
        "Stored value can only be used by a known customer.", "使用储值须先识别会员。");

    public static readonly Rejection WalkInWithCoupons = new(1056, "purchase.coupons-need-a-customer",
        "Coupons can only be used by a known customer.", "使用优惠券须先识别会员。");
    public static readonly Rejection WalkInWithBasket = new(1060, "purchase.basket-needs-a-customer",
        "A basket can only be paid by a known customer.", "购物篮结账须先识别会员。");

    public static readonly Rejection NoSuchBasket = new(1061, "lookup.no-such-basket",
        "There is no such open basket: it was paid, cancelled, or its time is over.", "没有这个有效的购物篮：已结账、已取消或预占已到期。");

    public static readonly Rejection QuoteTooFarAhead = new(1062, "quote.too-far-ahead",
        "A quote looks at most 3,660 days ahead.", "询价日期最多为 3,660 天之后。");

    public static readonly Rejection CouponCodeInvalid = new(1063, "coupon-code.invalid",
        "This is not a coupon code of this chain. Check each letter.", "券码无效，请逐位核对。");

    public static readonly Rejection Unexpected = new(1099, "server.unexpected",
        "Something went wrong in the server. The failure is logged. Try again with the same key.", "服务器内部错误，已记录日志；请用同一编号重试。", MayPassLater: true);
}
