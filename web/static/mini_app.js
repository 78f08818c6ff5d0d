// Posts what Telegram signed for whoever opened the Mini App; it stands behind "#" in the address.
const launch = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData");
if (launch) {
  const form = document.getElementById("launch");
  form.elements.tgWebAppData.value = launch;
  form.submit();
}
