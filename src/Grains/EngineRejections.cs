using ChainCrm.Domain;

namespace ChainCrm.Grains;

/// <summary>Refusals of the engine itself, 900 to 999.</summary>
public static class EngineRejections
{
    public static readonly Rejection Busy = new(900, "engine.busy",
        "Too many requests are waiting. Try again in a moment with the same key.", "请求过多，请稍后用同一编号重试。", MayPassLater: true);

    public static readonly Rejection CommitFailed = new(901, "engine.commit-failed",
        "The record could not be confirmed. Try again with the same key: it counts only once.", "未能确认入账，请用同一编号重试，不会重复入账。", MayPassLater: true);

    public static readonly Rejection KeyReused = new(902, "engine.key-reused",
        "This idempotency key was used before with another content.", "该幂等编号已用于内容不同的请求。");

    public static readonly Rejection Stopping = new(903, "engine.stopping",
        "The server is stopping. Try again in a moment with the same key.", "服务正在停止，请稍后用同一编号重试。", MayPassLater: true);

    public static readonly Rejection DiskFull = new(904, "engine.disk-full",
        "The server's disk is full: nothing can be recorded until there is room. Reading goes on.", "服务器磁盘已满，暂时无法入账，查询不受影响。", MayPassLater: true);

    public static readonly Rejection Quarantined = new(905, "engine.quarantined",
        "This record cannot be read back and is set aside until someone looks at it. Please tell headquarters.", "该记录无法读取，已隔离待处理，请联系总部。", MayPassLater: true);

    public static readonly Rejection Unreadable = new(906, "engine.journal-unreadable",
        "The journal cannot be read at the moment. Try again with the same key.", "暂时无法读取账本，请稍后用同一编号重试。", MayPassLater: true);

    public static readonly Rejection Failed = new(907, "engine.failed",
        "The server made a mistake on this request and recorded nothing. Please tell headquarters; a try with the same key is safe.", "服务处理此请求时出错，未入账。请联系总部，可用同一编号安全重试。", MayPassLater: true);
}
