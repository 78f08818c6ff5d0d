// Posts what the channel signed for whoever opened the Mini App; it stands behind "#" in the address.
const form = document.getElementById("launch");
const launch = new URLSearchParams(location.hash.slice(1)).get(form.elements[0].name);
if (launch) {
  form.elements[0].value = launch;
  form.submit();
}
