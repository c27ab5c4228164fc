using System.Net;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>Who may do what: keys, roles, stores, sessions.</summary>
public sealed class AccessTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData(null, 1030)]
    [InlineData("nonsense", 1031)]
    [InlineData("ck_", 1031)]
    [InlineData("ck_kunknown_c2VjcmV0", 1031)]
    public async Task Without_a_known_key_nothing_is_answered(string? key, int code)
    {
        var answer = await fixture.Server.As(key).GetAsync("/v1/stores");
        answer.Refused(401, code).Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task A_known_id_with_another_secret_is_refused()
    {
        var key = await fixture.KeyAsync("""{"role":"viewer"}""");
        (await fixture.Server.As(key[..^1] + (key[^1] == 'A' ? 'B' : 'A')).GetAsync("/v1/stores")).Refused(401, 1031);
        (await fixture.Server.As(key).GetAsync("/v1/stores")).Good();
    }

    [Fact]
    public async Task A_revoked_key_and_its_sessions_die_at_once()
    {
        var key = await fixture.KeyAsync("""{"role":"office","seesPersonal":true}""");
        var caller = fixture.Server.As(key);
        (await caller.GetAsync("/v1/stats")).Good();
        var cookie = await SignInAsync(key);
        (await WithCookie(HttpMethod.Get, "/v1/stats", cookie)).Good();

        var id = key.Split('_')[1];
        var revoked = (await fixture.Office.DeleteAsync("/v1/keys/" + id, "revoke-1")).Good();
        (await caller.GetAsync("/v1/stats")).Refused(401, 1032);
        (await WithCookie(HttpMethod.Get, "/v1/stats", cookie)).Refused(401, 1032);
        (await caller.PostAsync("/v1/session", null, $$"""{"key":"{{key}}"}""")).Refused(401, 1032);
        (await fixture.Office.DeleteAsync("/v1/keys/" + id, "revoke-1")).Good().Bytes.ShouldBe(revoked.Bytes);
        (await fixture.Office.DeleteAsync("/v1/keys/nobody", "revoke-2")).Refused(404, 1042);
    }

    [Fact]
    public async Task A_key_is_never_called_revoked_by_the_idempotency_key_that_issued_it()
    {
        var key = (await fixture.Office.PostAsync("/v1/keys", "issue-and-revoke", """{"role":"office"}""")).Good().Word("key")!;
        var address = "/v1/keys/" + key.Split('_')[1];
        (await fixture.Office.DeleteAsync(address, "issue-and-revoke")).Refused(409, 902);
        (await fixture.Server.As(key).GetAsync("/v1/stats")).Good();
        (await fixture.Office.DeleteAsync(address, "revoke-really")).Good();
        (await fixture.Server.As(key).GetAsync("/v1/stats")).Refused(401, 1032);
        // The first office key was issued without a fingerprint, which passes for any content.
        (await fixture.Office.DeleteAsync("/v1/keys/" + fixture.Server.OfficeKey.Split('_')[1], "first-office-key")).Refused(409, 902);
        (await fixture.Office.GetAsync("/v1/stats")).Good();
    }

    [Fact]
    public async Task Only_a_key_that_sees_personal_data_issues_one_that_does()
    {
        var blind = fixture.Server.As(await fixture.KeyAsync("""{"role":"office"}"""));
        (await blind.PostAsync("/v1/keys", "blind-1", """{"role":"office","seesPersonal":true}""")).Refused(403, 1038);
        (await blind.PostAsync("/v1/keys", "blind-2", """{"role":"till","store":"S1","till":"T7","seesPersonal":true}""")).Refused(403, 1038);
        (await blind.PostAsync("/v1/keys", "blind-3", """{"role":"office"}""")).Good();
        (await fixture.Office.PostAsync("/v1/keys", "seeing-1", """{"role":"office","seesPersonal":true}""")).Good();
    }

    [Theory]
    [InlineData("hq")]
    [InlineData("wake")]
    [InlineData("enrol")]
    [InlineData("profile")]
    public async Task No_store_has_an_id_that_command_ids_of_the_product_begin_with(string id) =>
        (await fixture.Office.PostAsync("/v1/stores", "open-" + id, $$"""{"id":"{{id}}","name":"n","region":"r","city":"c"}""")).Refused(422, 1046);

    [Theory]
    [InlineData("POST", "/v1/customers", """{"store":"S2","phone":"13812340000"}""")]
    [InlineData("POST", "/v1/customers", """{"homeStore":"S2","phone":"13812340000"}""")]
    [InlineData("POST", "/v1/returns", """{"store":"S2","customer":{"id":"x"},"purchaseReceipt":"R"}""")]
    [InlineData("POST", "/v1/redemptions", """{"store":"S2","customer":{"id":"x"},"points":1,"reason":"r"}""")]
    [InlineData("POST", "/v1/adjustments", """{"store":"S2","customer":{"id":"x"},"points":1,"reason":"r"}""")]
    [InlineData("POST", "/v1/points/freezes", """{"store":"S2","customer":{"id":"x"},"frozen":true,"reason":"r"}""")]
    public async Task A_till_acts_for_its_own_store_only(string method, string address, string body) =>
        (await fixture.Till.SendAsync(new HttpMethod(method), address, "other-store", ApiCaller.Body(body))).Refused(403, 1035);

    [Theory]
    [InlineData("GET", "/v1/customers")]
    [InlineData("GET", "/v1/keys")]
    [InlineData("GET", "/v1/stats")]
    [InlineData("GET", "/v1/journal")]
    [InlineData("POST", "/v1/stores")]
    [InlineData("POST", "/v1/keys")]
    [InlineData("POST", "/v1/customers/x/points/extensions")]
    [InlineData("POST", "/v1/customers/x/tags")]
    [InlineData("POST", "/v1/customers/x/tags/removals")]
    [InlineData("PUT", "/v1/programme")]
    [InlineData("POST", "/v1/audit/customers")]
    public async Task A_till_has_no_business_in_the_office(string method, string address) =>
        (await fixture.Till.SendAsync(new HttpMethod(method), address, "k", method == "GET" ? null : ApiCaller.Body("{}"))).Refused(403, 1034);

    [Theory]
    [InlineData("POST", "/v1/customers")]
    [InlineData("POST", "/v1/identify")]
    [InlineData("POST", "/v1/purchases")]
    [InlineData("POST", "/v1/bench/echo")]
    [InlineData("GET", "/v1/customers/x")]
    [InlineData("GET", "/v1/customers/x/statement")]
    [InlineData("GET", "/v1/journal")]
    public async Task A_viewer_only_looks(string method, string address)
    {
        (await fixture.Viewer.SendAsync(new HttpMethod(method), address, "k", method == "GET" ? null : ApiCaller.Body("{}"))).Refused(403, 1034);
        foreach (var open in new[] { "/v1/stats", "/v1/stores", "/v1/stores/S1", "/v1/session" }) (await fixture.Viewer.GetAsync(open)).Good();
    }

    [Fact]
    public async Task A_session_is_a_cookie_that_other_sites_can_not_use()
    {
        var key = await fixture.KeyAsync("""{"role":"office","label":"desk"}""");
        var begun = (await fixture.Server.As(null).PostAsync("/v1/session", null, $$"""{"key":"{{key}}"}""")).Good();
        (begun.Word("role"), begun.Word("label"), begun.Word("chain")).ShouldBe(("office", "desk", "main"));
        var header = begun.Headers.GetValues("Set-Cookie").Single();
        header.ShouldContain("httponly", Case.Insensitive);
        header.ShouldContain("samesite=strict", Case.Insensitive);
        header.ShouldNotContain(key.Split('_', 3)[2]);

        var cookie = header.Split(';')[0];
        (await WithCookie(HttpMethod.Get, "/v1/session", cookie)).Good().Word("keyId").ShouldBe(key.Split('_')[1]);
        (await WithCookie(HttpMethod.Post, "/v1/stores", cookie, """{"id":"S8","name":"n","region":"r","city":"c"}""")).Refused(403, 1036);
        (await WithCookie(HttpMethod.Post, "/v1/stores", cookie, """{"id":"S8","name":"n","region":"r","city":"c"}""", ("X-ChainCrm", "1"))).Status.ShouldBe(HttpStatusCode.Created);

        (await WithCookie(HttpMethod.Delete, "/v1/session", cookie, null, ("X-ChainCrm", "1"))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await WithCookie(HttpMethod.Get, "/v1/stats", cookie)).Refused(401, 1033);
        (await fixture.Server.As(key).GetAsync("/v1/stats")).Good();
    }

    [Theory]
    [InlineData("chaincrm_session=x")]
    [InlineData("chaincrm_session=k1.9999999999.nonce.AAAA")]
    public async Task A_forged_cookie_is_refused(string cookie) => (await WithCookie(HttpMethod.Get, "/v1/stats", cookie)).Refused(401, 1033);

    [Fact]
    public async Task A_session_outlives_a_restart_of_its_checks_but_not_its_time()
    {
        var cookie = await SignInAsync(await fixture.KeyAsync("""{"role":"office"}"""));
        (await WithCookie(HttpMethod.Get, "/v1/stats", cookie)).Good();
        using (fixture.Server.Later(TimeSpan.FromHours(ApiLimits.SessionHours) + TimeSpan.FromSeconds(1)))
            (await WithCookie(HttpMethod.Get, "/v1/stats", cookie)).Refused(401, 1033);
    }

    [Fact]
    public async Task The_first_office_key_is_in_a_file_that_only_its_owner_reads()
    {
        var file = Path.Combine(fixture.Server.Folder, "office.key");
        (await File.ReadAllTextAsync(file)).Trim().ShouldBe(fixture.Server.OfficeKey);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await fixture.Server.EnsureOfficeKeyAsync()).ShouldBeNull();
    }

    private async Task<string> SignInAsync(string key)
    {
        var begun = (await fixture.Server.As(null).PostAsync("/v1/session", null, $$"""{"key":"{{key}}"}""")).Good();
        return begun.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private Task<Answer> WithCookie(HttpMethod method, string path, string cookie, string? body = null, params (string, string)[] headers) =>
        fixture.Server.As(null).SendAsync(method, path, "k-" + Guid.NewGuid().ToString("N"), body is null ? null : ApiCaller.Body(body), [("Cookie", cookie), .. headers]);
}
